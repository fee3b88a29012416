"""Messages of machines: known as such, and told apart from people who mention an absence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.text.automatic import is_auto_reply


@pytest.mark.parametrize(
    "text",
    [
        "I am out of the office until Monday, 4 May.",
        (
            "Thank you for your mail. I am currently out of the office with no access to e-mails."
            " For urgent matters please contact billing@acme.example."
        ),
        "Automatic reply: Roaming refund",
        "Out of Office: back on Monday",
        "Hello,\n\nI'm on annual leave until 12 May and will reply upon my return.\n\nMara",
        "Ich bin derzeit nicht im Büro. In dringenden Fällen wenden Sie sich bitte an Daniel Osei.",
        "Abwesenheitsnotiz: Rechnung",
        "Estoy fuera de la oficina hasta el lunes. Responderé a mi regreso.",
        "Respuesta automática: factura",
        "Je suis absente du bureau jusqu'au 4 mai. En cas d'urgence, contactez Daniel.",
        "Réponse automatique : facture",
        "This is an automated message, please do not reply.",
        "Your request (#8831) has been received and is being reviewed by our support staff.",
        "Wir haben Ihre Anfrage erhalten. Ihre Ticketnummer lautet 8831.",
        "Hi! I'm Ava, your virtual assistant. How can I help?",
        "I'm a bot, but I can find a person for you.",
        "Hallo, ich bin der digitale Assistent von Acme.",
        "You are now chatting with Daniel",
        "Our team typically replies in a few minutes.",
    ],
)
def test_what_machines_write_is_known(text: str) -> None:
    """Absence notes, receipts and greetings of bots tell nothing of a person."""
    assert is_auto_reply(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I am out of the office until Friday, so please deliver next door.",
        "I'm on holiday until Friday. Can you hold the parcel?",
        "I am on sick leave since my operation. The bill came twice. I cannot pay both.",
        "I am on vacation and will return the shoes after that. The left one is too small.",
        "Ich bin im Urlaub krank geworden. Wer erstattet mir die Kosten?",
        "I'm on maternity leave until June.",
        "I'm away until Monday, leave the parcel next door.",
        '"Out of office: paternity leave", says his reply, so who is the stand-in?',
        "Your automatic reply told me nothing.",
        "I got an out of office reply from Daniel, who else can help me?",
        "Thank you for contacting us. I have refunded the charge and will call you by Friday.",
        "I am a virtual assistant by profession and work from home.",
        "Are you a bot or a person?",
        "We received the wrong kettle.",
        "my husband is away on business and I am alone with this",
    ],
)
def test_people_are_no_machines(text: str) -> None:
    """Whoever has something to say is listened to, though they are away."""
    assert not is_auto_reply(text)


@given(st.text())
def test_any_text_is_survived(text: str) -> None:
    """Wild text gives an answer."""
    assert is_auto_reply(text) in {True, False}
