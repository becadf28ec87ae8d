from django.contrib.auth.backends import ModelBackend

from .access import allows, model_of, policies
from .models import User


class PolicyBackend(ModelBackend):
    """Check passwords as Django does, and permissions by the policies alone."""

    def get_user(self, user_id):
        people = User.objects.with_team().with_factor().with_unread()  # All a page shows of them.
        user = people.filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None

    def has_perm(self, user_obj, perm, obj=None):
        return perm in policies and allows(user_obj, perm, obj)

    def get_all_permissions(self, user_obj, obj=None):
        return {
            perm
            for perm in policies
            if (obj is None or isinstance(obj, model_of(perm))) and allows(user_obj, perm, obj)
        }
