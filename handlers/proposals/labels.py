"""TODO."""

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


STANCE_MEANINGS = {
    Stance.AGREE: "supports it and will help carry it out",
    Stance.RESERVATIONS: "problems remain, goes along; the reservation is recorded",
    Stance.ASIDE: "cannot support it, will not carry it out, does not stop it; named in the record",
    Stance.BLOCK: "a fundamental disagreement that is not resolved",
    Stance.ABSTAIN: "heard, takes no side; counts for the quorum only",
    Stance.YES: "for it",
    Stance.YES_RESERVATIONS: "for it; the reservation is recorded",
    Stance.NO: "against it",
}


STANCE_BUTTONS = {
    **STANCE_LABELS,
    Stance.RESERVATIONS: "With reservations",
    Stance.YES_RESERVATIONS: "With reservations",
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


RULE_PHRASES = {
    Rule.CONSENSUS: "By consensus",
    Rule.CONSENT: "By consent",
    Rule.UNANIMITY: "By unanimity",
    Rule.TWO_THIRDS: "By two thirds of agencies",
    Rule.MAJORITY: "By majority of agencies",
    Rule.HEADS: "By majority of members",
}
