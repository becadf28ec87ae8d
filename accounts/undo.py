"""What was done with one click is put back with one: by the ordinary verb, asked again."""

import json
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

CHANGED = _("nobody must have changed the record since")


class Undo(NamedTuple):
    """The address of the verb that puts back what was, its name, and what it is sent."""

    url: str
    words: Any
    fields: dict[str, Any]

    def packed(self, version=None):
        """
        As the tags of a message: the form that stands in it, good for this ``version`` alone.

        It is no right: whoever sends it is asked for theirs, and the moment too.
        """
        fields = self.fields if version is None else self.fields | {"undo": version}
        return json.dumps({"url": self.url, "words": str(self.words), "fields": fields})
