"""What the log does not keep."""

import logging
import re

KEY = re.compile(r"(/(?:key|invitation|feed)/)\S+")


class Discreet(logging.Filter):
    """Takes out the keys of links, which are as good as a password while they last."""

    def filter(self, record):
        message = record.getMessage()
        if KEY.search(message):
            record.msg, record.args = KEY.sub(r"\1...", message), ()
        return True
