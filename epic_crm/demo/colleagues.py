"""The clients of everybody else, and those in nobody's hands."""

from .deeds import (
    SUPPORT,
    archived,
    assigned,
    cancelled,
    changed,
    completed,
    converted,
    dropped,
    handed,
    lent,
    note,
    reopened,
    reverted,
    signed,
)
from .people import (
    ADELE,
    AMINA,
    BASTIEN,
    CHLOE,
    GASPARD,
    HELENE,
    HUGO,
    INES,
    JULES,
    KARIM,
    LUCIE,
    MANON,
    NORA,
    SOLENE,
    THEO,
)
from .plan import Client, Contract, Event, booked, held, phone

MANONS = (
    Client(
        "Mutuelle Sorvane", "Patrick Lhomme", "Directeur adjoint", MANON, -395, source="phone",
        landline="29 33",
        contracts=(
            held("Assemblée des délégués", 18_900, -252, "09:00-17:00", "Manufacture Royer", 280,
                 support=AMINA),
            booked("Forum des adhérents", 16_200, 44, "10:00-17:00", "Manufacture Royer", 350,
                   opened=-45, support=LUCIE),
        ),
    ),
    Client(
        "Université de Castelbrume", "Solange Petitjean", "Chargée des événements", MANON, -421,
        source="other", landline="15 75", stage="client",
        contracts=(
            # Older than the CRM: written down again from the paper files.
            Contract(
                "Cinquantenaire de l’université", 58_000, -416, due=-1050,
                notes="Repris des dossiers papier.", then=(signed(-416, on=-1190),),
                event=Event(
                    -1100, "10:00-22:00", "Campus de Castelbrume", 1500, created=-416,
                    then=(assigned(-415, JULES), completed(-414)),
                ),
            ),
            Contract(
                "Journée des anciens étudiants", 21_000, -414, due=-690,
                notes="Repris des dossiers papier.", then=(signed(-414, on=-800),),
                event=Event(
                    -735, "09:00-18:00", "Campus de Castelbrume", 400, created=-414,
                    then=(assigned(-413, JULES), completed(-412)),
                ),
            ),
            booked("Remise des diplômes", 23_500, 27, "14:00-19:00", "Campus de Castelbrume", 800,
                   opened=-95, support=INES, onsite="Solange Petitjean 15 76",
                   instructions="Toges livrées la veille. Deux sessions, 14:00 et 16:30."),
        ),
    ),
    Client(
        "Festival des Trois-Rives", "Benoît Larrieu", "Programmateur", MANON, -280,
        source="social", mobile="88 41",
        contracts=(
            booked(
                "Soirée d’ouverture", 34_600, 36, "18:00-23:30", "Pavillon des Acacias", 700,
                opened=-88, support=AMINA,
                then=(
                    cancelled(-41, "La subvention n’est pas votée."),
                    reopened(-18, "La subvention est accordée, la date est maintenue."),
                    note(-16, "phone", "Le programmateur confirme la date et le lieu.",
                         by=SUPPORT),
                ),
            ),
        ),
    ),
    Client(
        "Cabinet Roquevert et associés", "Marianne Roquevert", "Avocate associée", MANON, -160,
        source="referral", landline="52 90",
        then=(
            converted(-155),
            reverted(-153, "Converti par erreur : aucun accord à ce jour."),
        ),
        contracts=(
            Contract("Petit déjeuner juridique", 3_900, -150, attendees=40,
                     then=(dropped(-120),)),
        ),
    ),
    Client(
        "Studio Hublot-Nord", "Nils Vandamme", "Producteur", MANON, -23, source="social",
        mobile="94 60",
        then=(note(-22, "social", "Échange sur un réseau, demande nos tarifs.", call=2),),
        contracts=(Contract("Projection privée", 5_200, -6, expected=49, attendees=85),),
    ),
    Client(
        "Assurances Trévigny", "Corinne Blanchet", "Responsable des achats", MANON, -290,
        source="email", landline="48 07",
        contracts=(
            booked(
                "Tournée des agences", 44_000, -30, "09:00-18:00", "Les Docks Lamballe", 200,
                opened=-150, support=CHLOE,
                then=(cancelled(-75, "Le groupe a gelé tous ses événements."),),
                afterwards=(dropped(-68, HELENE, "Résiliation acceptée, acompte remboursé."),),
            ),
        ),
    ),
)  # fmt: skip

OTHERS = (
    Client(
        "Thermes de Sainte-Oline", "Béatrice Angelier", "Directrice", ADELE, -370,
        source="phone", landline="22 18",
        contracts=(
            held("Réouverture des bains", 13_600, -210, "11:00-16:00", "Centre Beaurivage", 160,
                 support=CHLOE),
            booked("Journées du bien-être", 15_300, 13, "10:00-18:00", "Centre Beaurivage", None,
                   opened=-50, support=KARIM, days=2),
        ),
    ),
    Client(
        "Office de tourisme de Montbriac", "Gilles Ferrero", "Directeur", ADELE, -240,
        source="meeting", landline="64 28",
        then=(lent(-20, MANON, until=12),),
        contracts=(
            held("Salon des hébergeurs", 10_200, -115, "09:00-18:00", "Domaine de Valombre", 140,
                 support=AMINA),
            Contract("Convention des guides", 7_400, -17, expected=71, attendees=65),
        ),
    ),
    Client(
        "Architectes Ondelise", "Raphaël Ondelise", "Architecte", HUGO, -135, source="social",
        landline="35 19",
        contracts=(
            Contract("Exposition itinérante", 12_000, -125, attendees=200,
                     then=(note(-100, "phone", "Le projet est abandonné, sans rapport avec nous."),
                           dropped(-99))),
        ),
    ),
    Client(
        "Énergies du Vercours", "Sandrine Moulinet", "Directrice de projet", HUGO, -345,
        source="email", landline="97 31", mobile="97 32",
        contracts=(
            held("Réunion publique", 5_900, -230, "18:00-21:00", "Salle Marguerite-Aubin", 180,
                 support=CHLOE),
            booked("Inauguration de la centrale", 28_400, 40, "10:00-16:00", "Site de Vercours",
                   320, opened=-70, support=AMINA),
        ),
    ),
    Client(
        "Aérodrome de Lanvézy", "Maxime Trouvé", "Chef d’exploitation", NORA, -285,
        source="phone", landline="73 54",
        contracts=(
            held("Fête de l’air", 25_800, -75, "09:00-19:00", "Aérodrome de Lanvézy", 4000,
                 support=JULES),
            Contract("Rassemblement des planeurs", 8_600, -52, expected=120, attendees=150),
        ),
    ),
    Client(
        "Conserverie Kerbrannec", "Gwenaëlle Kerbrannec", "Présidente", GASPARD, -405,
        source="referral", landline="91 20", stage="client",
        then=(
            note(-140, "email", "L’entreprise est vendue, le repreneur a sa propre agence."),
            archived(-138),
        ),
        contracts=(
            held("Journée des retraités", 6_100, -295, "11:00-17:00", "Les Docks Lamballe", 110,
                 support=LUCIE),
            Contract("Centenaire de la conserverie", 39_000, -200, attendees=500,
                     then=(dropped(-140),)),
        ),
    ),
    Client(
        "Club des entreprises de Rochelande", "Antoine Delmas", "Secrétaire", SOLENE, -315,
        source="meeting", landline="28 82",
        contracts=(
            held("Soirée du club", 8_200, -102, "19:00-23:00", "Le Grand Atelier", 130,
                 support=AMINA),
            Contract("Trophées des entreprises", 17_900, -46, expected=77, attendees=260,
                     then=(signed(-36),)),
        ),
    ),
    Client(
        "Galerie Miroir-aux-Loups", "Flora Nevers", "Galeriste", NORA, -19, source="social",
        mobile="68 33",
        then=(note(-13, "social", "Cherche un lieu pour un vernissage.", call=5),),
    ),
)  # fmt: skip

NOBODYS = (
    # Their sales contact has left, and nobody has taken over yet.
    Client(
        "Imprimerie Sablon", "Roland Sablon", "Imprimeur", THEO, -64, source="phone",
        landline="53 16",
        then=(note(-60, "phone", "Souhaite fêter l’arrivée de sa nouvelle presse."),),
    ),
    Client(
        "Papeteries Delorme", "Agnès Delorme", "Directrice commerciale", THEO, -250,
        source="email", landline="11 47", mobile="11 48",
        contracts=(
            held("Salon des distributeurs", 19_700, -132, "09:00-18:00", "Espace Montclar", 220,
                 support=KARIM),
            Contract("Anniversaire de la marque", 22_200, -37, expected=66, attendees=180,
                     then=(signed(-20),)),
        ),
    ),
    # Written to us, and nobody has answered yet.
    Client(
        "Bijouterie Claire-Fontanelle", "Estelle Vigneron", "Bijoutière", None, -1,
        source="email", mobile="42 86", by=BASTIEN,
        then=(note(-1, "email", "Demande reçue par le formulaire du site.", by=BASTIEN),),
    ),
    Client(
        "Scierie Haut-Ponceau", "Émile Grosjean", "Gérant", GASPARD, -180, source="meeting",
        landline="85 39",
        then=(
            converted(-170),
            changed(-90, email="contact@scierie-haut-ponceau.example",
                    phone=phone("01 99 00", "85 40")),
            handed(-14, None),
        ),
        contracts=(Contract("Portes ouvertes de la scierie", 6_300, -28, expected=55),),
    ),
)  # fmt: skip
