"""Who works at the demo agency. Nobody here exists, nor do the numbers: see ``plan.phone``."""

from typing import NamedTuple

from accounts.fields import plain
from accounts.models import User

# No secret: every start prints it, and the login page shows it.
PASSWORD = "demo-epic-events"  # noqa: S105  # nosec B105
DOMAIN = "epic-events.example"


class Person(NamedTuple):
    name: str
    team: str | None
    digits: str  # The last four of the mobile number.
    hired: int = -425  # Days from today.
    left: int | None = None  # The day on which the account was closed.

    @property
    def email(self):
        return f"{plain(self.name).replace(' ', '.')}@{DOMAIN}"

    def user(self):
        """Their account as it is now, as at the start of a request."""
        return User.objects.with_team().get(email=self.email)


HELENE = Person("Hélène Vidal", "management", "01 02")
CAMILLE = Person("Camille Roussel", "sales", "01 17")
YANIS = Person("Yanis Perrot", "sales", "01 24")
INES = Person("Inès Morel", "support", "01 31")
KARIM = Person("Karim Belhadj", "support", "01 38")
BASTIEN = Person("Bastien Aubry", "management", "01 45")
MANON = Person("Manon Delcourt", "sales", "01 52")
LUCIE = Person("Lucie Fontan", "support", "01 59")
NADIA = Person("Nadia Ferrand", None, "01 66", hired=-1)  # Has just come: no team yet.

# Who is introduced to the visitor, one line each where people sign in.
ACCOUNTS = (HELENE, CAMILLE, YANIS, INES, KARIM, BASTIEN, MANON, LUCIE, NADIA)

THEO = Person("Théo Marchal", "sales", "02 01", left=-12)
ADELE = Person("Adèle Vasseur", "sales", "02 08")
HUGO = Person("Hugo Lemaître", "sales", "02 15")
NORA = Person("Nora Benali", "sales", "02 22", hired=-320)
GASPARD = Person("Gaspard Thierry", "sales", "02 29")
SOLENE = Person("Solène Guivarc", "sales", "02 36")
MARC = Person("Marc Oriol", "support", "02 43", hired=-33)
AMINA = Person("Amina Diallo", "support", "02 50")
JULES = Person("Jules Carpentier", "support", "02 57")
CHLOE = Person("Chloé Marchetti", "support", "02 64")

PEOPLE = (
    *ACCOUNTS, THEO, ADELE, HUGO, NORA, GASPARD, SOLENE, MARC, AMINA, JULES, CHLOE,
    Person("Florence Mercadier", "management", "03 03"),
    Person("Étienne Sauvage", "management", "03 10"),
    Person("Lucas Aubertin", "sales", "03 17", hired=-26),
    Person("Pierre Lacombe", "support", "03 24"),
    Person("Samuel Rozier", "support", "03 31"),
    Person("Eva Schmitt", "support", "03 38"),
    Person("Noé Garnier", "support", "03 45", hired=-210),
    Person("Leïla Haddad", "support", "03 52"),
    Person("Tom Bellanger", "support", "03 59", hired=-150),
    Person("Agathe Prévost", "support", "03 66"),
    Person("Romane Tissier", "support", "03 73"),
)  # fmt: skip
