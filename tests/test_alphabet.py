"""Names stand in the order of the Swedish alphabet, whichever the database."""

from dialog.alphabet import alphabetical

IN_ORDER = ["Aspås", "bygdegården", "École", "Ede", "Zinkgruvan", "Åre", "ÄLGEN", "Ängen", "Øre", "Östra"]


def test_the_last_letters_stand_last_and_capitals_and_accents_make_no_difference():
    assert sorted(set(IN_ORDER), key=alphabetical) == IN_ORDER
    assert alphabetical("A\u030are") == alphabetical("åre"), "However the ring is written."
