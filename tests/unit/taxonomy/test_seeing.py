"""Titles that no image can show are found; ordinary ones are left in peace."""

import pytest

from tagsmith.taxonomy.advice.findings import Kind
from tagsmith.taxonomy.advice.lexicon import FINE, Topic, lexicon
from tagsmith.taxonomy.advice.seeing import unseen

pytestmark = pytest.mark.req("X4a")

ORDINARY = """
Boot|Sandal|Sneaker|High heels|Running shoes|Summer dress|Winter coat|Winter boots|Rain jacket|Jeans
Skinny jeans|Shirt
Polo shirt|T-shirt|Blouse|Skirt|Cardigan|Hoodie|Scarf|Gloves|Belt|Handbag|Backpack|Sunglasses|Wristwatch
Necklace|Earrings
Striped|Checked|Floral print|Polka dot|Denim|Leather|Lace|Knitwear|Sleeveless|Long sleeve|V-neck|Turtleneck
Collar|Logo
Dog collar|Collared dove|Wedding dress|Suit|Swimwear|Cap|Beanie|Zip jacket|Buttons|Zipper|Regular bus service
Slimming belt
Sofa|Armchair|Dining table|Floor lamp|Bookshelf|Bed|Mirror|Vase|Coffee machine|Kettle|Toaster|Fridge|Laptop
Smartphone
Headphones|Camera lens|Bicycle|Mountain bike|Sports car|Convertible|SUV|Pickup truck|Motorbike|Tractor|Caravan
Sailing boat
Price tag|Shop window|Sale sign|Packaging|Bottle|Can|Cardboard box|Barcode|Perfume|Lipstick|Toothbrush
Screwdriver|Drill
Bread|Cheese|Apple|Pear|Dates|Passion fruit|Spring roll|Spring onion|Winter squash|Summer squash|Coffee
Wine glass|Pizza
Mountain|Waterfall|Spring flowers|Autumn leaves|Snow|Frost|Beach|Sunset|Sunrise|Night sky|Milky Way|Rainbow|Fog
Lightning
Forest|Oak|Birch|Rose|Tulip|Sunflower|Mushroom|Moss|Fern|River|Lake|Glacier|Desert|Volcano|Cave|Cliff|Meadow
Winter landscape
Dog|Cat|Horse|Cow|Sheep|Lion|Elephant|Eagle|Owl|Butterfly|Bee|Fish|Whale|Dry season pasture|Fall foliage|Robin
New York|Paris|Berlin|Nice|Rome|Grand Canyon|Big Ben|Big Bang exhibit|Small business|Church|Castle|Bridge
Skyscraper|Airport
Train station|Harbour|Market square|Stadium|Museum|Library|Playground|Car park|Street art|Red|Blue
Black and white|Portrait
Group photo|Smile|Handshake|Crying baby|Grandmother|Firefighter|Doctor|Chef|Teacher|Intern|Happy birthday cake
Angry Birds
Close-up|Aerial view|Silhouette|Pattern|Icon|Diagram|Screenshot|Map|News|Route 66|Boeing 747|Fiat 500|4x4
Size comparison chart
35 mm film|10 km run|Formula 1|Divers|Anna|Julie|April showers|March of the penguins|Mars|Estate
Fall arrest harness
Temperature gauge|Spring mattress|Love letter|Peace sign|Heart|Hot air balloon|Cold cuts|Medium close-up
Test tube|General store
"""

ORDINARY_ELSEWHERE = """
de:Stiefel|Sommerkleid|Wintermantel|Halskette|Wanderschuh|Fahrrad|Laute|Winterlandschaft|Herbstlaub
de:Frühlingsblumen|Kirche
de:Preisverleihung|Preisschild|Angestellter|Gefühlsausbruch|Hemd|Kragenbär|Logo|Schloss|Hochzeit|Weihnachtsbaum
de:Neubau|Neuschnee
de:Großstadt|Kleinwagen|Schwertfisch|Liebespaar|Ruhrgebiet|Saumpfad|Nahtod|Größenvergleich|Bluse|Reißverschluss
de:Knöpfe|Maske
fr:Chaussure|Robe d'été|Manteau d'hiver|Plage|Chien|Pomme|Petit four|Grand-mère|Haute couture|Date|Église
fr:Sac à main
es:Zapato|Vestido de verano|Playa|Perro|Cara|Bonito|Costura|Manzana|Iglesia|Estación de tren|Tallo|Bolso|Montaña
es:Niño
it:Scarpa|Vestito estivo|Spiaggia|Cane|Chiesa|Montagna|Fiore|Bambino|Stazione|Borsa|Saldatore|Grandine|Sale
it:Orlando
pt:Sapato|Praia|Cachorro|Igreja|Montanha|Flor|Criança|Estação de trem|Bolsa|Cadeira|Ana|Janela|Mercado
ja:靴|夏服|冬山|犬|猫|教会|海|花|子供|鞄|愛犬|音楽会|新幹線|春巻き|秋田犬
zh:鞋子|夏装裙子|雪山|狗|猫|教堂|大海|花|孩子|包|冬瓜|春卷|新疆|中年人
ko:신발|여름 원피스|설산|강아지|고양이|교회|바다|꽃|아이|가방|봄나물|향수|가을 단풍
"""

BAD = """
time:2024|Model 2019|Collection 2023/24|Year|January|Monday|90s|1980s|Q3|Last year
season:Summer|Winter collection|Spring/Summer|Autumn-Winter 24|SS24|FW 2025|Seasonal|Season|Holiday season
mood:Mood|Emotion|Happy|Sadness|Joyful|Romantic mood|Nostalgia|Cozy|Loneliness|Positive emotions|Love|Inspiration
price:Price|High price|Price range|Cheap|Expensive|Discounted|Sale|Special offers|Under 50 €|€20|19.99 EUR|Low cost
judgement:Beautiful|Stylish|Trendy|Best seller|Luxury|High quality|Popular products|Elegant
make:Made in Italy|Organic|Fair trade|Handmade|Sustainable|100 % cotton|Waterproof|Gluten-free|Eco-friendly
state:New|New arrivals|Sold out|In stock|Limited edition|Approved|Draft|Confidential|Copyright|Work in progress
size:Size 42|Shoes size 42|XL|Small|Large|500 g|250 ml|One size|Weight
sense:Loud|Silence|Taste|Spicy|Temperature
rest:Other|Other products|Misc|Unknown|Various|Uncategorized
collar:Shirt without collar|Collarless shirt|With or without collar|Collar or none|Button-down collar
fit:Slim fit|Regular fit|Jeans, slim fit|Loose-fit trousers|Slim
logo:Small logo|T-shirt with small logo|No logo|Logo on the chest|Embroidered logo
part:Tiny parts|Number of buttons|Three-button suit|Hidden zip|Contrast stitching|Seam|Inner pocket|Serial number
"""

BAD_ELSEWHERE = """
de:Jahr 2023=time|Sommer=season|Herbst/Winter=season|Winterkollektion=season|Stimmung=mood|Glücklich=mood
de:Traurige=mood
de:Günstige Preise=price|Sonderangebote=price|Preisklasse hoch=price|Schön=judgement|Nachhaltig=make
de:Made in Germany=make
de:Neuheiten=state|Freigegeben=state|Größe 38=size|Sonstiges=rest|Hemd ohne Kragen=collar
de:Kragenlose Bluse=collar
de:Normale Passform=fit|Kleines Logo=logo|Anzahl der Knöpfe=part|Kleinteile=part|Montag=time|Intern=state
fr:Été=season|Collection hiver=season|Tristesse=mood|Heureux=mood|Pas cher=price|Soldes=price|Nouveautés=state
fr:Autre=rest
fr:Chemise sans col=collar|Coupe slim=fit|Petit logo=logo|Fabriqué en France=make|Taille 40=size
es:Verano=season|Colección otoño=season|Felicidad=mood|Alegres=mood|Baratos=price|Rebajas=price|Novedades=state
es:Otros=rest
es:Camisa sin cuello=collar|Corte slim=fit|Logo pequeño=logo|Hecho en España=make|Talla 40=size
it:Estate=season|Autunno/Inverno=season|Felicità=mood|Romantica=mood|Prezzo basso=price|Saldi=price|Novità=state
it:Altro=rest
it:Camicia senza colletto=collar|Vestibilità slim=fit|Logo ricamato=logo|Prodotto in Italia=make
pt:Verão=season|Coleção inverno=season|Tristeza=mood|Românticas=mood|Preço=price|Promoções=price|Novidades=state
pt:Outros=rest
pt:Camisa sem gola=collar|Corte slim=fit|Logo bordado=logo|Feito em Portugal=make
ja:夏=season|春夏コレクション=season|2024年=time|気分=mood|幸せ=mood|価格=price|セール=price|新作=state|その他=rest
ja:襟なしシャツ=collar|スリムフィット=fit|小さなロゴ=logo|防水=make|サイズ42=size
zh:夏季=season|秋冬系列=season|2024年=time|心情=mood|快乐=mood|价格=price|打折=price|新款=state|其他=rest
zh:无领衬衫=collar|修身款=fit|小标志=logo|环保=make|均码=size
ko:여름=season|봄/여름 컬렉션=season|기분=mood|행복한=mood|가격=price|할인=price|신상품=state|기타=rest
ko:슬림핏=fit|로고 자수=logo|친환경=make|노카라 셔츠=collar
"""


def rows(text):
    """Return (word before the colon, titles) of each line."""
    lines = [line.partition(":") for line in text.strip().splitlines()]
    return [(before, after.split("|")) for before, _, after in lines]


def test_more_than_two_hundred_ordinary_titles_are_left_in_peace():
    titles = [title for line in ORDINARY.strip().splitlines() for title in line.split("|")]
    assert len(titles) > 200
    assert [(title, found.word) for title in titles if (found := unseen(title))] == []


@pytest.mark.parametrize(("language", "titles"), rows(ORDINARY_ELSEWHERE))
def test_ordinary_titles_in_other_languages_are_left_in_peace(language, titles):
    assert [(title, found.word) for title in titles if (found := unseen(title, language))] == []
    if language in ("de", "ja", "ko", "zh"):  # others share words with English
        assert [(title, found.word) for title in titles if (found := unseen(title))] == []


@pytest.mark.parametrize(("topic", "titles"), rows(BAD))
def test_title_that_names_what_no_image_shows_is_found_with_its_reason(topic, titles):
    found = {title: unseen(title) for title in titles}
    assert [title for title, one in found.items() if one is None] == []
    topics = {title: one.topic.value for title, one in found.items()}
    assert {title: seen for title, seen in topics.items() if seen not in (topic, "time")} == {}
    kind = Kind.TOO_FINE if Topic(topic) in FINE else Kind.UNSEEN
    assert {one.kind for one in found.values()} == {kind}


@pytest.mark.parametrize(("language", "titles"), rows(BAD_ELSEWHERE))
def test_the_same_is_found_in_the_other_languages(language, titles):
    wanted = dict(title.rsplit("=", 1) for title in titles)
    found = {title: unseen(title, language) for title in wanted}
    assert {title: one and one.topic.value for title, one in found.items()} == wanted


def test_name_of_no_language_is_read_in_all():
    for name in ("sommer", "été", "季節"):
        assert unseen(name)


@pytest.mark.parametrize(
    ("title", "language"), [("Estate", "it"), ("Fall", "en"), ("Sale", "de"), ("Divers", "fr"), ("Mars", "fr")]
)
def test_word_that_means_something_else_in_another_language_counts_in_its_own(title, language):
    assert unseen(title, language)
    others = {"en", "de", "fr", "it", "es"} - {language, "en" if title == "Sale" else ""}
    assert [other for other in others if unseen(title, other)] == []


def test_finding_quotes_the_title_and_says_what_helps():
    found = unseen("Chemise SANS COL")
    assert found.word == "SANS COL"
    assert str(found.reason).startswith("“SANS COL” is a detail")
    assert "close-ups" in found.remedy
    assert unseen("Günstige Preise").word == "Günstige"


@pytest.mark.parametrize("title", ["", " ", "–", "42", "the", "Collection", "0", "\0", "a" * 500, "🙂", "%", "€"])
def test_nothing_to_read_gives_nothing(title):
    assert unseen(title) is None


def test_every_topic_is_told_in_nine_languages():
    languages = {"en", "de", "fr", "es", "it", "pt", "ja", "zh", "ko"}
    import tomllib
    from importlib.resources import files

    table = tomllib.loads(files("tagsmith.taxonomy.advice").joinpath("terms.toml").read_text("utf-8"))
    assert {name: set(rows) for name, rows in table.items()} == dict.fromkeys(
        ("padding", *(topic.value for topic in Topic)), languages
    )
    assert len(lexicon().terms) > 2000
