"""Made-up comments, the same at every run, as long and as hard to compress as people's own."""

from random import Random

_BEGINNINGS = (
    """
Bussen till byn|Cykelvägen längs sjön|Den tomma skolan|Kommunens upphandling|Det gamla badhuset|Vår förening
Biblioteket på kvällen|Plogningen av gångbanan|Maten på äldreboendet|Tåget till kusten|Fibern i västra delen
Handläggningen av bygglov|Sommarjobbet för unga|Lekparken vid torget|Parkeringen utanför affären|Hemtjänsten
Idrottshallen|Den nya översiktsplanen|Företagslotsen|Vattenverket|Skolskjutsen|Mötesplatsen för äldre
Återvinningen|Utegymmet bakom kyrkan|Elljusspåret|Musikskolan|Busskuren vid korsningen|Farthindret på Storgatan
""".strip()
    .replace("\n", "|")
    .split("|")
)
_MIDDLES = (
    """
går för sällan|borde kunna delas av flera|har stått still i två år|är viktigare än många tror|kostar för mycket
behöver någon som tar ansvar|fungerade bättre förut|skulle kunna öppna redan i vår|saknar belysning
är det bästa kommunen har gjort|passar inte dem som arbetar skift|når inte ut till alla|måste rustas upp
har blivit en fråga om säkerhet|kan skötas av oss i byn|borde vara med i nästa års budget|väntar på besked
är svår att nå utan bil|ger mer tillbaka än den kostar|har lovats oss sedan länge|behöver en tydlig plan
""".strip()
    .replace("\n", "|")
    .split("|")
)
_ENDS = (
    """
särskilt på vintern|enligt alla jag har talat med|och det vet kommunen om|när jag frågade i höstas
om vi får hjälp med värmen och försäkringen|trots att pengarna finns|för barnen som går där varje dag
och därför skriver jag nu|så länge någon svarar i telefonen|vilket borde gå att mäta|i ett försök under ett år
jämfört med hur det är i staden|efter klockan sex|utan att någon har frågat oss|på samma villkor som andra
och det är mitt förslag|medan grannkommunen redan har gjort det|innan det är för sent|men det går att lösa
""".strip()
    .replace("\n", "|")
    .split("|")
)
RARE_WORD, RARELY = "vindkraften", 125


def _sentence(chance: Random) -> str:
    figure = (
        f" ({chance.randint(2, 990)} {chance.choice(('hushåll', 'kronor', 'meter', 'personer', 'minuter'))})"
    )
    parts = (chance.choice(_BEGINNINGS), chance.choice(_MIDDLES), chance.choice(_ENDS))
    return f"{' '.join(parts)}{figure if chance.random() < 0.3 else ''}."


def comment_text(chance: Random) -> str:
    """A comment of two to nine sentences, in one or two paragraphs; one in `RARELY` ends with a word of its own."""
    sentences = [_sentence(chance) for _ in range(chance.randint(2, 9))]
    if chance.randrange(RARELY) == 0:
        sentences.append(f"Och {RARE_WORD}?")
    if len(sentences) < 5:
        return " ".join(sentences)
    middle = len(sentences) // 2
    return " ".join(sentences[:middle]) + "\n\n" + " ".join(sentences[middle:])


def plan_paragraph(chance: Random) -> str:
    """A paragraph as long as those of the municipality's own texts."""
    return " ".join(_sentence(chance) for _ in range(6))
