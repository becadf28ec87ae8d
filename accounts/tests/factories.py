import factory
from django.contrib.auth.models import Group
from factory.django import DjangoModelFactory

from accounts.models import User


class UserFactory(DjangoModelFactory):
    email = factory.Sequence("person{}@agency.example".format)
    first_name = "Pat"
    last_name = factory.Sequence("Person{}".format)

    class Meta:
        model = User
        skip_postgeneration_save = True

    @factory.post_generation
    def team(self, create, team):
        if team:
            self.groups.add(Group.objects.get(name=team))
