"""Camille Roussel's clients: each of the next steps that her home page may show is here."""

from decimal import Decimal

from .deeds import (
    SALES,
    SUPPORT,
    archived,
    assigned,
    changed,
    converted,
    handed,
    lent,
    listed,
    note,
    planned,
    signed,
    ticked,
    wanted,
)
from .people import CAMILLE, HELENE, INES, KARIM, LUCIE, THEO, YANIS
from .plan import Client, Contract, Event, booked, held, phone

CLIENTS = (
    Client(
        "Maison Arvel", "Sabine Arvel", "Directrice de la communication", CAMILLE, -418,
        source="referral", landline="41 00", mobile="20 64",
        then=(
            note(-416, "phone", "Premier appel. La maison cherche une agence pour ses soirées."),
            note(-408, "meeting", "Visite de l’atelier. Budget annuel d’environ 80 000 €, décision "
                 "prise par Sabine Arvel seule."),
            converted(-404),
            changed(-75, HELENE, phone=phone("01 99 00", "41 17")),
            note(-8, "meeting", "Sabine Arvel souhaite une salle à la lumière du jour et un accès "
                 "de plain-pied."),
            wanted(-1, YANIS, "Sabine Arvel m’a rappelé pendant votre rendez-vous : je peux "
                   "noter ses nouvelles coordonnées.", until=10),
        ),
        contracts=(
            held(
                "Soirée des trente ans", 31_200, -282, "19:00-23:30", "Halle Saint-Cyr", 260,
                support=INES, onsite="Odile Arvel 20 65",
                instructions="Vestiaire à doubler. Gâteau servi à 22:00, discours juste avant.",
                then=(
                    note(-279, "phone", "Retour très favorable, la maison veut recommencer.",
                         by=SUPPORT),
                ),
            ),
            booked(
                "Dîner des partenaires", 18_450, 11, "19:00-23:30", "Les Verrières du Quai", 120,
                opened=-58, instructions="Plan de table envoyé par la maison trois jours avant.",
            ),
            Contract(
                "Lancement de collection", 24_800, -23, expected=41, attendees=200,
                venue="Halle Saint-Cyr",
                then=(
                    note(-15, "email", "Devis renvoyé avec la régie son en option."),
                    note(-7, "phone", "Accord de principe, signature attendue cette semaine."),
                    signed(-4),
                ),
            ),
            Contract("Journée presse", 9_600, -2, expected=68, attendees=60),
        ),
    ),
    Client(
        "Groupe Orsane", "Thomas Orsane", "Directeur général", CAMILLE, -420,
        source="other", landline="44 03", mobile="44 10", stage="client",
        then=(note(-96, "email", "La convention sera sur trois jours, comme l’an dernier."),),
        contracts=(
            held(
                "Séminaire des cadres", 14_700, -190, "08:30-17:30", "Domaine de Valombre", 35,
                support=KARIM,
            ),
            booked(
                "Convention annuelle", 46_300, -1, "09:00-18:00", "Espace Montclar", 180, days=3,
                support=INES, onsite="Thomas Orsane 44 10",
                instructions="Accès livraisons par le quai jusqu’à 07:30. Badge à retirer à "
                "l’accueil B.\r\n"  # As a browser sends the end of a line.
                "Déjeuner servi à 12:30, 8 repas sans gluten.\r\n"
                "Fin des discours à 17:00 au plus tard.",
                then=(
                    listed(-60),
                    ticked(-45),
                    ticked(-30, 2),
                    ticked(-22, by=SALES),
                    note(-17, "meeting", "Visite de la salle avec le client : deux écrans, pas "
                         "d’estrade.", by=SUPPORT),
                    ticked(-15, by=SALES),
                    changed(-9, INES, attendees=186),
                    planned(-9, "Contrôler le repas de midi : 8 repas sans gluten", due=0),
                    planned(-9, "Rendre les badges à l’accueil B", due=1),
                    ticked(-8, 2),
                    changed(-3, attendees=188),
                    planned(-2, "Compter les casques de traduction", due=-1),
                    ticked(-2),
                    note(-1, "note", "Sonorisation vérifiée, micro de rechange en place.",
                         by=SUPPORT),
                ),
            ),
        ),
    ),
    Client(
        "Groupe Lestrade", "Aurélie Lestrade", "Responsable de la formation", CAMILLE, -98,
        source="phone", landline="38 12",
        then=(
            note(-95, "phone", "Deux projets pour la même équipe, à traiter séparément."),
            note(-70, "meeting", "Programme du séminaire arrêté ensemble, deux ateliers."),
        ),
        contracts=(
            booked(
                "Séminaire d’équipe", 21_500, 23, "08:30-18:00", "Centre Beaurivage", 48, days=2,
                opened=-66, support=KARIM, onsite="Rémi Caussade 38 20",
                instructions="Deux ateliers en parallèle l’après-midi, quatre tableaux à prévoir.",
                then=(listed(-40), ticked(-20)),
            ),
            Contract(
                "Convention des équipes", 18_200, -24, expected=75, attendees=150,
                venue="Pavillon des Acacias",
                then=(note(-21, "email", "Devis envoyé, réponse annoncée sous une semaine."),),
            ),
        ),
    ),
    Client(
        "Fonderie Calvet", "Bruno Calvet", "Gérant", CAMILLE, -47, source="meeting",
        mobile="51 22",
        then=(
            note(-46, "meeting", "Rencontré au salon des métiers. Pense à des portes ouvertes."),
            note(-18, "email", "Plaquette envoyée à sa demande."),
        ),
    ),
    Client(
        "Vignobles Tessan", "Mathilde Tessan", "Propriétaire", CAMILLE, -419, source="referral",
        landline="33 08", mobile="33 09", stage="client",
        contracts=(
            held(
                "Dégustation des millésimes", 12_300, -320, "17:00-22:00", "Château d’Aigrefond",
                140, support=INES, opened=-400,
            ),
            held(
                "Soirée des cavistes", 16_800, -24, "18:00-23:00", "Château d’Aigrefond", 190,
                support=INES, onsite="Paul Rivière 33 15",
                then=(
                    note(-21, "phone", "Mathilde Tessan est ravie, elle parle déjà de la "
                         "prochaine édition.", by=SUPPORT),
                    note(-16, "phone", "Bilan fait ensemble, tout lui a plu."),
                ),
            ),
        ),
    ),
    Client(
        "Laboratoire Solvène", "Nadège Brun", "Responsable de la recherche", CAMILLE, -210,
        source="email", landline="19 36",
        contracts=(
            held("Journée de la recherche", 9_400, -13, "09:00-17:00", "Auditorium Pasteur-Lenoir",
                 95, support=KARIM, opened=-100),
        ),
    ),
    Client(
        "Bastide d’Orlanne", "Étienne Maurel", "Propriétaire", CAMILLE, -402, source="referral",
        mobile="29 14",
        contracts=(
            held("Marché des producteurs", 7_800, -290, "10:00-18:00", "Orangerie du parc Séverin",
                 500, support=LUCIE),
        ),
    ),
    Client(
        "Coopérative Valmont", "Gérard Poncelet", "Président", CAMILLE, -355, source="email",
        landline="62 40",
        contracts=(
            booked("Fête des coopérateurs", 11_400, 11, "10:00-17:00", "", 400, opened=-40),
            Contract(
                "Inauguration du chai", 30_000, -7, expected=52, attendees=250,
                venue="Coopérative Valmont, Corbelle",
                then=(
                    changed(-6, right="change_terms", amount=Decimal("32500.00"),
                            expected_attendees=280),
                ),
            ),
        ),
    ),
    Client(
        "Fédération Corvin", "Hervé Corvin", "Délégué général", CAMILLE, -390, source="phone",
        landline="27 71", mobile="27 72",
        contracts=(
            held(
                "Assemblée générale", 15_900, -128, "14:00-18:30", "Palais des Remparts", 210,
                support=KARIM,
            ),
            booked(
                "Assises du cuir", 38_700, 5, "09:00-18:00", "Palais des Remparts", 340,
                opened=-52, instructions="Interprétation en anglais dans la grande salle.",
            ),
            Contract(
                "Congrès des adhérents", 26_100, -9, expected=96, attendees=320,
                then=(note(-8, "phone", "Hésite encore entre Limoges et Toulouse."),),
            ),
        ),
    ),
    Client(
        "Cosmétiques Aurélune", "Élodie Sarrazin", "Cheffe de marque", CAMILLE, -34,
        source="social", mobile="70 81",
        then=(
            note(-31, "social", "A réagi à notre publication sur les soirées de lancement."),
            note(-20, "meeting", "Rendez-vous dans leurs bureaux, le projet est sérieux."),
            converted(-12),
        ),
    ),
    Client(
        "Chocolaterie Mirandeau", "Lucien Mirandeau", "Artisan chocolatier", CAMILLE, -16,
        source="phone", landline="18 40",
        then=(
            note(-6, "phone", "En pleine saison, demande qu’on le rappelle.", call=0),
        ),
    ),
    Client(
        "Robotique Ystel", "Anaïs Le Bihan", "Responsable des relations publiques", CAMILLE, -38,
        source="email", landline="90 15", mobile="90 16",
        then=(
            note(-28, "email", "Cherche une salle de démonstration pour ses robots."),
            note(-10, "phone", "Budget à confirmer en interne, rappeler sans faute.", call=-3),
        ),
        contracts=(
            Contract("Démonstration publique", 13_800, -10, expected=26, attendees=110,
                     notes="Sol plat et charge de 500 kg par mètre carré à vérifier."),
        ),
    ),
    Client(
        "Musée Aurélien-Castagne", "Judith Castagne", "Conservatrice", CAMILLE, -2,
        source="referral", landline="84 30",
    ),
    Client(
        "Éditions Quillambre", "Victor Hanin", "Directeur éditorial", CAMILLE, -29,
        source="meeting", mobile="12 77",
        then=(
            note(-27, "meeting", "Croisé à un salon. Un prix littéraire est à l’étude."),
            note(-5, "email", "Le comité se réunit dans trois semaines.", call=21),
        ),
    ),
    Client(
        "Ligue de voile du Ponant-Sud", "Yann Kerdoncuff", "Secrétaire général", CAMILLE, -130,
        source="other", landline="55 61", mobile="55 62",
        then=(
            note(-128, "email", "Demande reçue pour leur soirée, trois agences consultées."),
            note(-104, "meeting", "Visite des docks. Yann Kerdoncuff préfère la grande nef."),
        ),
        contracts=(
            booked(
                "Soirée des équipages", 13_100, -3, "18:30-23:00", "Les Docks Lamballe", 220,
                support=INES, instructions="Remise des trophées à 20:30, dix trophées.",
            ),
            Contract(
                "Rencontre des partenaires", 9_950, -44, expected=8, venue="Les Docks Lamballe",
                then=(signed(-35),),
                event=Event(
                    8, "11:00-15:30", "Les Docks Lamballe", None, created=-34,
                    then=(
                        assigned(-30, INES),
                        note(-6, "email", "Nombre de participants demandé une nouvelle fois.",
                             by=SUPPORT),
                    ),
                ),
            ),
        ),
    ),
    Client(
        "Syndicat des fromagers de Corbelle", "Odette Faivre", "Présidente", CAMILLE, -260,
        source="phone", landline="66 02",
        then=(
            note(-255, "phone", "Pas de budget cette année."),
            note(-110, "phone", "Le syndicat organise désormais ses fêtes lui-même."),
            archived(-110),
        ),
    ),
    # Taken over from a colleague who left.
    Client(
        "Pépinières Vauclaret", "Simon Vauclaret", "Exploitant", THEO, -300, source="meeting",
        landline="23 45", mobile="23 46",
        then=(
            handed(-11, CAMILLE),
            note(-9, "phone", "Appel de présentation. Il aimait bien Théo, il nous reste fidèle."),
        ),
        contracts=(
            held("Journées des plantes", 10_600, -140, "09:00-18:00", "Orangerie du parc Séverin",
                 300, support=LUCIE, days=2),
            booked("Matinée des paysagistes", 6_400, 31, "08:30-13:00",
                   "Orangerie du parc Séverin", 80, opened=-55, support=INES,
                   onsite="Simon Vauclaret 23 46",
                   then=(listed(-35), ticked(-12), lent(-3, KARIM, until=20, by=SUPPORT))),
        ),
    ),
)  # fmt: skip
