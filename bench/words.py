"""Made-up comments, the same at every run."""

from random import Random

_SENTENCES = """
Bussen till byn går för sällan på kvällarna, och den sista hinner ingen med som arbetar sent.
Jag har bott här i trettio år och har aldrig sett så många tomma lokaler i centrum.
Kan kommunen göra ett enkelt försök under ett år och sedan berätta hur det gick?
Vi i byn kan ställa upp med lokal om kommunen står för värmen och försäkringen.
När skolan flyttade försvann också affären, och då blev det svårt för dem som inte har bil.
Det vore bra om upphandlingen delades upp så att mindre företag kan lämna anbud.
Cykelvägen slutar mitt i backen, och där går också barnen till skolan.
Jag väntade sex veckor på ett svar om bygglov och fick sedan börja om från början.
Fler skulle våga starta eget om det fanns någon att ringa som känner hela vägen.
På vintern plogas gångbanan sist, trots att det är där de äldre går.
Lägg gärna ut kartan över ledig mark så att alla kan se den.
Min dotter vill flytta hem efter sina studier, men det finns ingen lägenhet hon har råd med.
Fibern kom äntligen, men mobiltäckningen är fortfarande dålig längs sjön.
Maten på äldreboendet skulle kunna komma från gårdar i trakten.
Det står i målet att hela kommunen ska räknas; hur mäts det?
Sommarjobben för unga var det bästa kommunen gjorde förra året, fortsätt med dem.
Hur mycket av pengarna går till landsbygden, och hur mycket till staden?
Tåget till kusten är ofta fullt på söndagar, och då blir bilen det enda som går.
Öppna bibliotekets lokaler på kvällen för föreningar som saknar tak över huvudet.
Vi har lämnat in samma förslag två gånger utan att få veta vad som hände.
""".strip().splitlines()


def comment_text(chance: Random) -> str:
    """A comment of two to nine sentences, in one or two paragraphs."""
    sentences = [chance.choice(_SENTENCES) for _ in range(chance.randint(2, 9))]
    if len(sentences) < 5:
        return " ".join(sentences)
    middle = len(sentences) // 2
    return " ".join(sentences[:middle]) + "\n\n" + " ".join(sentences[middle:])


def plan_paragraph(chance: Random) -> str:
    """A paragraph as long as those of the municipality's own texts."""
    return " ".join(chance.sample(_SENTENCES, 6))
