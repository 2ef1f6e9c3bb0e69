"""The words that people read for positions and decision rules."""

from storage.vocabulary import Rule, Stance

STANCE_LABELS = {
    Stance.AGREE: "Agree",
    Stance.RESERVATIONS: "Agree with reservations",
    Stance.ASIDE: "Stand aside",
    Stance.BLOCK: "Block",
    Stance.ABSTAIN: "Abstain",
    Stance.YES: "Yes",
    Stance.YES_RESERVATIONS: "Yes with reservations",
    Stance.NO: "No",
    Stance.FIST: "0 cannot go along",
    Stance.ONE: "1 serious concerns",
    Stance.TWO: "2 concerns to talk about",
    Stance.THREE: "3 can live with it",
    Stance.FOUR: "4 like it",
    Stance.FIVE: "5 will lead it",
}

STANCE_BUTTONS = {
    **STANCE_LABELS,
    Stance.RESERVATIONS: "With reservations",
    Stance.YES_RESERVATIONS: "With reservations",
}

STANCE_MEANINGS = {
    Stance.AGREE: "you support it and will help carry it out",
    Stance.RESERVATIONS: "you see problems but go along; your reservation is recorded",
    Stance.ASIDE: "you cannot support it and will not carry it out, but you do not stop it; the record names you",
    Stance.BLOCK: "you have a fundamental disagreement; it stops the proposal",
    Stance.ABSTAIN: "you take no side; you count as heard",
    Stance.YES: "you are for it",
    Stance.YES_RESERVATIONS: "you are for it; your reservation is recorded",
    Stance.NO: "you are against it",
}

RULE_NAMES = {
    Rule.CONSENSUS: "consensus of agencies",
    Rule.CONSENT: "consent of agencies (silence is consent)",
    Rule.UNANIMITY: "unanimity of agencies",
    Rule.TWO_THIRDS: "two thirds of agencies",
    Rule.MAJORITY: "majority of agencies",
    Rule.HEADS: "majority of members",
    Rule.SENSE: "sense check, decides nothing",
}

RULE_MEANINGS = {
    Rule.CONSENSUS: "Nobody blocks, and more than half of those heard agree",
    Rule.CONSENT: "Nobody blocks; agencies that say nothing count as agreeing",
    Rule.UNANIMITY: "Every agency agrees",
    Rule.TWO_THIRDS: "Two of three agencies that say yes or no say yes",
    Rule.MAJORITY: "More agencies say yes than no",
    Rule.HEADS: "More people say yes than no",
    Rule.SENSE: "Zero to five, without names",
}
"""What a rule asks for, in the form: each fits below its name."""

RULE_PHRASES = {
    Rule.CONSENSUS: "by consensus",
    Rule.CONSENT: "by consent",
    Rule.UNANIMITY: "by unanimity",
    Rule.TWO_THIRDS: "by two thirds of agencies",
    Rule.MAJORITY: "by majority of agencies",
    Rule.HEADS: "by majority of members",
}
"""How a proposal was decided, in a verdict."""
