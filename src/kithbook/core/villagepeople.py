"""The cast of the demo village: a hundred and fifty invented people, by the circle Robin knows them from.

One line a person: name | stage | rhythm (see `villagelife.RHYTHMS`) | place | organisation | role.
"""

from __future__ import annotations

from typing import NamedTuple

from kithbook.core.names import fold_name


class Cast(NamedTuple):
    """One line of the cast."""

    key: str
    name: str
    circle: str
    stage: int
    rhythm: str
    place: str
    organisation: str
    role: str


class CircleFacts(NamedTuple):
    """Where they met; first and last day of meeting, in days ago; `domain` of the addresses; `work`: office hours."""

    met_where: str
    first_day: int
    last_day: int
    domain: str
    tag: str
    work: bool


CIRCLES: dict[str, CircleFacts] = {
    "family": CircleFacts("family", 1826, 1826, "example.org", "family", False),
    "friends": CircleFacts("through friends in Lisbon", 1825, 1500, "example.net", "friend", False),
    "studio": CircleFacts("Estúdio Maré, Lisbon", 1826, 1400, "example.com", "Lisbon", True),
    "old_clients": CircleFacts("a project at Estúdio Maré", 1700, 1000, "example.com", "Lisbon", True),
    "clients": CircleFacts("a first project in Vienna", 690, 200, "example.com", "client", True),
    "health": CircleFacts("a health care round table", 520, 120, "example.org", "health care", True),
    "association": CircleFacts("Vienna Service Design Circle", 700, 150, "example.org", "association", True),
    "cowork": CircleFacts("Werkraum Neubau", 715, 120, "example.net", "coworking", True),
    "partners": CircleFacts("a joint pitch", 1300, 240, "example.com", "partner", True),
    "neighbours": CircleFacts("the neighbourhood", 700, 150, "example.net", "Vienna", False),
    "new": CircleFacts("an evening event", 29, 1, "example.org", "new", True),
    "seen": CircleFacts("copied on a mail", 900, 200, "example.com", "", True),
}

FAMILY = """
Teresa Vale | 7 | mother | Setúbal | |
Edmund Vale | 7 | light | Setúbal | |
Clara Vale | 7 | close | Porto | Escola da Ribeira | primary school teacher
Nuno Farias | 4 | light | Porto | Farias Carpentry | cabinet maker
Beatriz Vale | 4 | rare | Coimbra | |
Oscar Vale | 4 | rare | Leeds | Harrow Lane Surgery | practice nurse
Lídia Farias | 3 | light | Porto | | student of architecture
Hugo Vale | 2 | rare | Faro | |
"""
FRIENDS = """
Mateus Arroio | 7 | silent | Montevideo | Taller del Puerto | architect
Inês Caldeira | 7 | close | Lisbon | Livraria do Cais | bookseller
Tomás Brandão | 5 | steady | Lisbon | Rádio Colina | sound engineer
Yuki Tanabe | 5 | steady | Vienna | Atelier Tanabe | ceramicist
Leila Haddadi | 6 | close | Vienna | Pier Nine Media | documentary producer
Dana Weiss | 4 | steady | Vienna | Ledgerline | head of hiring
Frank Okafor | 4 | steady | Vienna | | product manager between jobs
Bram Hoekstra | 5 | light | Utrecht | Hoekstra & Pol | information designer
Signe Dalgaard | 4 | light | Aarhus | Fjordlab | public sector designer
Priya Raghunath | 5 | light | London | Northbank Trust | programme lead
Pavel Horák | 3 | faded | Brno | Horák Optics | engineer
Giulia Ferrante | 4 | faded | Bologna | Ferrante Viaggi | tour planner
Emeka Nwosu | 5 | rare | Lagos | Clinic Bridge Africa | founder
Katrin Moser | 3 | tweener | Graz | Moser Weine | winemaker
"""
STUDIO = """
Rita Salgueiro | 6 | close | Lisbon | Estúdio Maré | managing partner
Duarte Pimentel | 5 | steady | Lisbon | Estúdio Maré | design director
Sofia Marques | 5 | steady | Lisbon | Porto Digital Services | head of service design
Anna Lindqvist | 4 | light | Stockholm | Klarvatten | design researcher
Miguel Torrado | 4 | steady | Lisbon | Estúdio Maré | senior designer
Joana Pestana | 4 | light | Lisbon | Casa Aberta | community manager
Kofi Asante | 5 | light | Accra | Asante Labs | founder
Chiara Bellomo | 3 | faded | Milan | Banca Lido | design lead
Vasco Nogueira | 3 | light | Lisbon | Estúdio Maré | project manager
Amélie Roussel | 4 | light | Lyon | Atelier Confluence | facilitator
Henrique Lobo | 2 | faded | Lisbon | Lobo Consulting | consultant
Nadia Benkirane | 4 | light | Rabat | Dar Tasmim | service designer
Tiago Ferraz | 2 | rare | Lisbon | Estúdio Maré | accountant
Mei-Ling Tso | 3 | tweener | Berlin | Spreewerk | interaction designer
Caio Andrade | 3 | light | São Paulo | Andrade Pesquisa | researcher
Filipa Gouveia | 3 | faded | Braga | Gouveia Têxtil | brand manager
Olek Wiśniewski | 2 | tweener | Warsaw | Miejska Pracownia | urban planner
Marta Quintela | 4 | faded | Vigo | Concello Dixital | digital officer
Jasper de Wit | 2 | rare | Rotterdam | Havenlab | developer
Rui Esteves | 1 | once | Lisbon | Estúdio Maré | former intern
Leonor Abrantes | 3 | tweener | Lisbon | Museu do Rio | visitor services
Samuel Pires | 2 | faded | Évora | Pires Azeite | owner
Hana Kovářová | 2 | rare | Prague | Dobrá Služba | designer
Zeynep Aksoy | 3 | faded | Izmir | Aksoy Araştırma | researcher
Benedita Rocha | 2 | tweener | Lisbon | Clínica do Parque | receptionist
Dimitar Kolev | 1 | once | Sofia | Kolev Software | developer
Alice Fontoura | 2 | rare | Lisbon | Estúdio Maré | office manager
Gonçalo Meira | 1 | dropped | Lisbon | Meira Imobiliária | agent
"""
OLD_CLIENTS = """
Paulo Serrano | 5 | project | Lisbon | Seguros Atlântico | customer director
Margarida Teles | 4 | project | Lisbon | Hospital da Luzeira | outpatient manager
Cristina Abreu | 3 | faded | Lisbon | Banco Horizonte | product owner
Jorge Vilar | 3 | faded | Setúbal | Transportes do Sado | operations manager
Isabel Monteverde | 4 | project | Porto | Fundação Monteverde | director
António Leitão | 2 | faded | Lisbon | Águas do Vale | head of customer care
Ewa Jankowska | 3 | tweener | Kraków | Dom Pacjenta | patient advocate
Luís Carapinha | 2 | faded | Beja | Carapinha Wines | owner
Sandra Peixoto | 3 | light | Lisbon | Câmara Nova | civic services lead
Óscar Bettencourt | 2 | tweener | Ponta Delgada | Ilhas Ferries | commercial director
Fátima Nazari | 3 | faded | Lisbon | Ponte Health | head of operations
Raul Domingues | 1 | once | Lisbon | Domingues & Filhos | owner
"""
CLIENTS = """
Anna Berger | 5 | project | Vienna | Kahlenberg Clinics | head of patient services
Jonas Ebner | 4 | project | Vienna | Donau Mobil | product director
Marlene Fuchs | 4 | project | Vienna | Pflegenetz Wien | innovation lead
Ilse Wanner | 4 | steady | Vienna | Wanner & Partner | management consultant
Stefan Kroll | 3 | project | Linz | Kroll Logistik | managing director
Birgit Ahrens | 3 | project | Vienna | Volksbad Genossenschaft | chair
Tarek Mansour | 4 | project | Vienna | Levante Kitchens | founder
Lucia Hofstätter | 3 | light | St. Pölten | Land & Leute | programme manager
Andrej Novak | 3 | project | Bratislava | Novak Energy | customer lead
Verena Pichler | 2 | tweener | Innsbruck | Alpin Versicherung | claims manager
Rashid Karimov | 3 | light | Vienna | Silk Road Books | owner
Gerhard Lindner | 2 | faded | Vienna | Lindner Möbel | sales director
Eszter Balogh | 3 | project | Budapest | Duna Health Fund | service owner
Markus Seidl | 1 | once | Vienna | Seidl Elektrik | owner
"""
HEALTH = """
Helene Zauner | 3 | steady | Vienna | City Hospital Nord | chief nursing officer
Gregor Haas | 1 | oneside | Vienna | Haas Rehab Centres | medical director
Ngozi Adeyemi | 4 | steady | Vienna | Adeyemi Research | hospital user researcher
Martin Stadler | 2 | light | Graz | Steirische Kurkliniken | head of quality
Elif Demirci | 3 | light | Vienna | Praxisnetz Favoriten | practice manager
Wolfgang Reiter | 1 | once | Salzburg | Salzach Hospital | procurement
Claudia Brenner | 2 | tweener | Vienna | Hospiz am Wienerwald | director
Jakub Malý | 2 | light | Brno | Moravia Care | innovation manager
Sarah Feldmann | 3 | light | Vienna | Feldmann Digital Health | founder
Thomas Grabner | 1 | dropped | Wels | Grabner Medizintechnik | sales
Ruth Oberhauser | 2 | light | Vienna | Patients' Forum | spokeswoman
Amadou Diallo | 3 | light | Vienna | Red Thread Ambulances | dispatcher lead
"""
ASSOCIATION = """
Sabine Köstler | 5 | steady | Vienna | Vienna Service Design Circle | chair
Matthias Aigner | 3 | event | Vienna | Aigner Studio | service designer
Annika Sommer | 3 | event | Vienna | Bürgerdienste Digital | design lead
Petra Nováková | 2 | dropped | Vienna | Novák & Co | trainer
Luca Morandi | 4 | event | Vienna | Morandi Workshops | facilitator
Johanna Riedl | 3 | event | Vienna | Fachhochschule Ottakring | lecturer
Arjun Mehta | 3 | event | Vienna | Tramline Software | UX manager
Simone Vogt | 2 | event | Vienna | Vogt Text | UX writer
Niklas Bauer | 2 | event | Vienna | Bank am Ring | designer
Francesca Rizzi | 3 | event | Vienna | Rizzi Ricerca | researcher
Oksana Melnyk | 4 | steady | Vienna | Melnyk Translations | translator
David Steinbach | 2 | tweener | Vienna | Steinbach Audit | process consultant
Ivana Petrović | 2 | event | Vienna | Petrović Design | visual designer
Georg Haslinger | 1 | event | Vienna | Haslinger Druck | printer
Noor van Dijk | 3 | event | Vienna | Open Kitchen Lab | strategist
Theresa Winkler | 2 | tweener | Vienna | Winkler Recht | lawyer
Kenji Morimoto | 2 | event | Vienna | Morimoto Games | game designer
Barbara Lechner | 1 | dropped | Vienna | Lechner Training | coach
Alexander Frey | 1 | event | Vienna | Frey Analytics | analyst
Paula Cordeiro | 3 | event | Vienna | Cordeiro Crafts | maker
Lukas Thaler | 2 | event | Vienna | Thaler Film | film maker
Miriam Katz | 3 | event | Vienna | Katz Learning | curriculum designer
"""
COWORK = """
Felix Gruber | 4 | close | Vienna | Gruber Code | web developer
Hanna Leitner | 3 | steady | Vienna | Werkraum Neubau | host
Omar Siddiqi | 3 | light | Vienna | Siddiqi Data | data analyst
Vera Zimmermann | 4 | steady | Vienna | Zimmermann Illustration | illustrator
Peter Langthaler | 2 | rare | Vienna | Langthaler Steuer | tax adviser
Camille Girard | 3 | light | Vienna | Girard Traductions | translator
Bogdan Ionescu | 2 | tweener | Vienna | Ionescu Apps | developer
Lena Strasser | 2 | rare | Vienna | Strasser Foto | photographer
Rasmus Holm | 3 | faded | Copenhagen | Holm Motion | animator
Selma Begić | 3 | light | Vienna | Begić Events | event producer
Dominik Auer | 1 | once | Vienna | Auer Trading | trader
Tove Nyström | 2 | tweener | Uppsala | Nyström Forskning | researcher
"""
PARTNERS = """
Marcus Eidinger | 6 | steady | Vienna | Eidinger Strategy | connector and adviser
Hélène Carpentier | 4 | project | Geneva | Carpentier Santé | health economist
Joaquim Sá | 4 | light | Lisbon | Sá Negócios | business adviser
Birte Johannsen | 3 | light | Hamburg | Hafenkante | agency owner
Chen Wei | 3 | light | Vienna | Weitblick Prototyping | prototyper
Ronan Keogh | 4 | light | Dublin | Keogh Civic | public service consultant
Silvia Amato | 3 | tweener | Trieste | Amato Servizi | service designer
Walter Pühringer | 2 | faded | Linz | Pühringer Beratung | consultant
Adaeze Obi | 2 | introduced | Brussels | Euro Health Forum | events lead
Tamar Gelashvili | 3 | rare | Tbilisi | Studio Mtkvari | partner
"""
NEIGHBOURS = """
Elisabeth Hruby | 4 | steady | Vienna | | retired midwife
Goran Marković | 3 | light | Vienna | Café Marković | café owner
Lieselotte Brandt | 2 | light | Vienna | Sprachhaus Wien | German teacher
Abel Tesfaye Worku | 3 | light | Vienna | Worku Velo | bicycle mechanic
Nina Scholz | 2 | rare | Vienna | Chor am Spittelberg | choir leader
Franz Kofler | 2 | rare | Vienna | | choir, bass
Aisha Rahimi | 3 | light | Vienna | Nachbarschaftshaus | social worker
Konrad Weber | 1 | once | Vienna | Hausverwaltung Weber | building manager
"""
NEW = """
Valerie Kornfeld | 1 | new_day | Vienna | Rosenhügel Hospital | patient experience lead
Benjamin Osei | 1 | new_week | Vienna | Osei Care Homes | managing director
Greta Solberg | 1 | new_month | Vienna | Nordic Health Alliance | programme officer
Xaver Dietl | 1 | new_silent | Vienna | Dietl Apotheken | pharmacist
Mirjam Tannhofer | 2 | new_warm | Vienna | Tannhofer Therapie | occupational therapist
"""
SEEN = """
Roland Tiefenbach | 1 | seen | Vienna | Kahlenberg Clinics | assistant
Lorena Vidal | 1 | seen | Lisbon | Seguros Atlântico | legal
Ottmar Kainz | 1 | seen | Vienna | Donau Mobil | finance
Dagny Holte | 1 | seen | Oslo | Fjordlab | intern
Pedro Falcato | 1 | seen | Lisbon | Hospital da Luzeira | IT
"""

_BLOCKS = {
    "family": FAMILY,
    "friends": FRIENDS,
    "studio": STUDIO,
    "old_clients": OLD_CLIENTS,
    "clients": CLIENTS,
    "health": HEALTH,
    "association": ASSOCIATION,
    "cowork": COWORK,
    "partners": PARTNERS,
    "neighbours": NEIGHBOURS,
    "new": NEW,
    "seen": SEEN,
}


def key_of(name: str) -> str:
    """The key of a person: the folded name with hyphens, "Petra Nováková" -> "petra-novakova"."""
    return fold_name(name).replace(" ", "-")


def list_cast() -> tuple[Cast, ...]:
    """Everybody, in the order above."""
    return tuple(_read_line(circle, line) for circle, block in _BLOCKS.items() for line in block.strip().splitlines())


def _read_line(circle: str, line: str) -> Cast:
    name, stage, rhythm, place, organisation, role = (part.strip() for part in line.split("|"))
    return Cast(key_of(name), name, circle, int(stage), rhythm, place, organisation, role)
