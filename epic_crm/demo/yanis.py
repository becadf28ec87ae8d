"""Yanis Perrot's clients, one of whom he has delegated to Camille Roussel while he is away."""

from decimal import Decimal

from .deeds import (
    SUPPORT,
    archived,
    assigned,
    cancelled,
    changed,
    converted,
    lent,
    note,
    restored,
    signed,
)
from .people import BASTIEN, CAMILLE, HELENE, INES, KARIM, LUCIE, YANIS
from .plan import Client, Contract, Event, booked, held, phone

CLIENTS = (
    Client(
        "Clinique Beaulac", "Hélène Jourdan", "Directrice", YANIS, -60, source="phone",
        landline="45 20",
        then=(
            note(-59, "phone", "Vingt-quatre médecins et cadres, deux jours au calme ou un seul."),
            note(-36, "email", "La direction choisit la formule d’une journée."),
        ),
        contracts=(
            booked(
                "Séminaire de direction", 12_800, 30, "09:00-17:30", "Domaine de Valombre", 24,
                opened=-33,
            ),
        ),
    ),
    Client(
        "Ateliers Norel", "Cédric Norel", "Directeur artistique", YANIS, -380, source="social",
        landline="31 90", mobile="31 91",
        then=(note(-372, "social", "Nous suit depuis le défilé de Maison Arvel."),),
        contracts=(
            held(
                "Défilé des jeunes créateurs", 27_900, -98, "20:00-23:00", "Manufacture Royer",
                350, support=KARIM, opened=-190,
                instructions="Podium de 18 m. Répétition la veille à 14:00.",
            ),
            booked("Lancement de la nouvelle gamme", 22_600, 58, "18:00-22:30", "", 180,
                   opened=-13),
        ),
    ),
    Client(
        "Lycée Marchand", "Isabelle Roche", "Proviseure", YANIS, -205, source="email",
        landline="70 03",
        contracts=(
            booked(
                "Portes ouvertes", 5_600, -3, "09:00-17:00", "Lycée Marchand, Lyon", 600,
                support=KARIM,
            ),
        ),
    ),
    Client(
        "Ville de Brémont", "Pascal Aubrac", "Adjoint à l’économie", YANIS, -412, source="other",
        landline="19 00", stage="client",
        then=(note(-130, "meeting", "Réunion en mairie : le forum change de date, même budget."),),
        contracts=(
            held(
                "Cérémonie des associations", 8_300, -265, "18:00-21:00",
                "Salle Marguerite-Aubin", 310, support=LUCIE,
            ),
            booked(
                "Forum des métiers", 19_200, -6, "09:00-18:00", "Gymnase des Tilleuls, Brémont",
                900, support=LUCIE, onsite="Nadège Pinson 19 12",
            ),
            Contract(
                "Inauguration de la médiathèque", 14_500, -5, expected=80, attendees=250,
            ),
        ),
    ),
    Client(
        "Laboratoires Verdane", "Claire Guillemin", "Responsable scientifique", YANIS, -365,
        source="referral", landline="58 11", mobile="58 12",
        then=(changed(-40, job_title="Directrice scientifique"),),
        contracts=(
            held(
                "Colloque annuel", 33_400, -150, "08:30-18:00", "Auditorium Pasteur-Lenoir", 230,
                support=INES, days=2,
            ),
            Contract(
                "Congrès de pharmacologie", 41_000, -70, expected=17, attendees=300,
                venue="Auditorium Pasteur-Lenoir",
                then=(
                    signed(-58),
                    # The client has asked for a second day.
                    changed(-29, HELENE, "amend", "Avenant du client : une seconde journée.",
                            amount=Decimal("52500.00"), expected_attendees=360),
                ),
                event=Event(
                    17, "08:30-18:30", "Auditorium Pasteur-Lenoir", 360, created=-57, days=2,
                    onsite="Bertille Koenig 58 30",
                    instructions="Accueil des intervenants dès 07:45. Affiches au format A0.",
                    then=(
                        assigned(-50, KARIM, by=BASTIEN),
                        note(-12, "phone", "Programme définitif reçu, 22 intervenants.",
                             by=SUPPORT),
                    ),
                ),
            ),
        ),
    ),
    Client(
        "Transports Hauterel", "Didier Hauterel", "Président", YANIS, -330, source="phone",
        landline="80 44", mobile="80 45",
        then=(
            lent(-6, CAMILLE, until=9),
            note(-2, "phone", "Didier Hauterel voudrait avancer la journée d’une semaine.",
                 by=CAMILLE),
        ),
        contracts=(
            booked(
                "Journée de la sécurité", 11_900, 20, "09:00-16:30", "Le Grand Atelier", 130,
                opened=-62, support=KARIM,
                instructions="Parking pour quatre camions de démonstration.",
            ),
            Contract("Remise des médailles", 6_700, -31, expected=64, attendees=80),
        ),
    ),
    Client(
        "Brasserie du Pont-Cendré", "Loïc Marchandeau", "Brasseur", YANIS, -72, source="social",
        mobile="61 18",
        then=(note(-70, "social", "Message reçu, intéressé par une soirée de lancement."),),
        contracts=(
            Contract("Soirée de lancement", 4_800, -48, attendees=90,
                     then=(note(-45, "email", "Devis envoyé, sans réponse depuis."),)),
        ),
    ),
    Client(
        "Horlogerie Vasselin", "Amélie Vasselin", "Directrice générale", YANIS, -110,
        source="meeting", landline="77 25",
        then=(
            note(-108, "meeting", "Veut présenter sa pièce la plus rare à ses collectionneurs."),
            note(-18, "phone", "Désolée du report, elle nous rappellera.", call=45),
        ),
        contracts=(
            booked(
                "Dîner des collectionneurs", 20_900, 25, "19:30-23:30", "Halle Saint-Cyr", 60,
                opened=-80, support=INES,
                then=(cancelled(-19, "La pièce présentée n’est pas prête, le client renonce."),),
            ),
        ),
    ),
    Client(
        "Banque Malterre", "Frédéric Oudinot", "Directeur des réseaux", YANIS, -400,
        source="referral", landline="10 60", stage="client",
        then=(
            archived(-300),
            restored(-230),
            note(-230, "phone", "Nouvelle direction, ils reviennent vers nous.", call=-200),
            note(-200, "phone", "Un projet pour le personnel des agences.", call=4),
        ),
        contracts=(
            held("Rencontre des conseillers", 24_000, -85, "09:00-18:00", "Pavillon des Acacias",
                 160, support=KARIM, opened=-195),
            Contract("Soirée du personnel", 29_700, -27, expected=88, attendees=420,
                     then=(signed(-8),)),
        ),
    ),
    Client(
        "Hôtel Les Glycines-d’Or", "Rose Fabregas", "Directrice", YANIS, -3, source="email",
        landline="36 50",
    ),
    Client(
        "Verrerie Saint-Évrard", "Marcel Dautry", "Chef d’atelier", YANIS, -58, source="meeting",
        then=(
            changed(-57, mobile=phone("06 39 98", "47 05")),
            note(-40, "meeting", "Atelier magnifique, on pourrait y recevoir du public."),
            converted(-30),
        ),
        contracts=(
            booked("Nuit des souffleurs", 9_100, 2, "19:00-22:30", "", 150, opened=-30,
                   support=INES,
                   then=(note(-5, "phone", "Le lieu dépend de la commission de sécurité.",
                              by=SUPPORT),)),
        ),
    ),
)  # fmt: skip
