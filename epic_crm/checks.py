from django.conf import settings
from django.core.checks import Error, register


@register()
def check_environment(app_configs, **kwargs):
    """Each wrong value of the environment is an error in one sentence."""
    return [Error(problem, id="epic_crm.E001") for problem in settings.ENVIRONMENT_PROBLEMS]
