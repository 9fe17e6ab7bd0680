"""Words of the report's sections on people, tracking and forecasts."""

from __future__ import annotations

from typing import Final

from hinomi.units import MINUTE_S

PEOPLE_ABSENT: Final = (
    "Not computed in this run: it was made by a version of the program without the clock. "
    "A new run has it."
)
STAGE_WORDS: Final = {
    "seen": "first seen, any nation that tells",
    "firm track": "firm track, any nation that tells",
    "relayed": "known to the nation that alerts, relay included",
    "launch message": "classified, launch message",
    "issued": "decided, alert leaves the issue centre",
    "received": "received, where the middle person in need lives",
    "heard": "heard by half of those who ever hear",
    "acted": "half of those who act have acted",
    "in shelter": "half of those who go are in shelter",
    "arrival": "arrival",
}
PEOPLE_ROWS: Final = (  # metric, name, factor, unit
    ("people_in_need", "people who needed a warning", 1.0, "people"),
    ("visitors_in_need", "of them visitors", 1.0, "people"),
    ("knew_people", "knew by the arrival", 1.0, "people"),
    ("with_needed_people", "knew at least {needed} before", 1.0, "people"),
    ("people_seconds", "warning, all people together", 1.0 / MINUTE_S, "person-minutes"),
    ("moved_people", "moved away from windows ({window} of those who know)", 1.0, "people"),
    ("sheltered_people", "in shelter ({compliance} of those who know)", 1.0, "people"),
)
TWO_COUNTS: Final = (
    "Who knew has heard it in person; people not warned before arrival, among the key figures, "
    "are those at places that the alert reached too late or never, so they are fewer."
)
CLOCK_CAPTION: Final = (
    "Each piece of a bar ends at the median time of its stage over bodies and replicates and "
    "is as long as the seconds written in it. From received on: the place where the middle "
    "person in need of a warning lives. Diamond and line: arrival there, median and 5 to 95 %. "
    "First seen and firm track: at any nation that tells the one that alerts; the tables of "
    "figures and of tracking count the deciding centre alone, so theirs may be later."
)
TRACKING_ABSENT: Final = (
    "Not computed in this run: it was made by a version of the program without these scores. "
    "A new run has them."
)
TRACKING_WORDS: Final = (
    "How the tracks of the picture on which the alert is decided compare with the true flights, looked at every "
    "10 s. A tracker states an error beside every position; here it is held against the error it made. Consistent "
    "means as large as stated; optimistic by a factor 2 means twice as large as stated, so whatever rests on the "
    "stated error (a predicted area, the moment a track is called good enough) is too sure of itself; pessimistic "
    "means smaller than stated."
)
TRACKING_COUNTS: Final = (
    "Tracks: one for each threat and replicate, so rows of one track, which share their errors, are not counted as "
    "evidence. A verdict asks for at least ten; it is consistent inside the two-sided 95 % chi-square bounds for "
    "that many, or within a tenth of what is stated. Squared error: mean squared normalised error for each of six "
    "numbers, 1 when honest. Inside: share of errors in the region stated to hold 95 % of them. Just after a change of "
    "phase a tracker has yet to find out what the body does; those rows are also part of their phase. "
    "Spent stages are not threats: tracks on them are counted apart."
)
TRACKING_CAPTION: Final = (
    "Full mark: the error made, root mean square over three axes; hollow mark: the error stated. Verdicts are in "
    "the table: they weigh each track's errors by the error it stated in that direction at that moment, so one large "
    "error that was stated as large counts for little there and for much here."
)
PHASE_NAMES: Final = {
    "boost": "burning", "coast": "coasting", "glide": "gliding", "fall": "falling",
    "change": "20 s after a change", "all": "whole flight",
}  # fmt: skip
TRACKING_ROWS: Final = (  # measure, name, unit
    ("to_w_s", "firm track (grade W) at the deciding centre, after ignition", "s"),
    ("to_q_s", "good enough to point a sensor (grade Q)", "s"),
    ("to_e_s", "good enough to support an engagement (grade E)", "s"),
    ("completeness", "threats' flight time with a track", "share"),
    ("continuity", "longest time under one track number, of the flight", "share"),
    ("number_changes", "changes of a threat's track number", "per hour"),
    ("ambiguity", "tracks for each threat that has one", "tracks"),
    ("spuriousness", "tracks that stand for nothing", "share"),
    ("gospa_m", "distance of picture from truth (GOSPA)", "km"),
    ("gospa_localisation_m", "of it: tracks beside their threats", "km"),
    ("gospa_missed_m", "of it: threats without a track", "km"),
    ("gospa_false_m", "of it: tracks without a threat", "km"),
    ("class_right", "glider and ballistic body told apart in the air (half by chance)", "share"),
    ("nis", "squared surprise of a report, 1 when honest", "1"),
    ("stage_tracks", "tracks on spent stages, a raid", "tracks"),
)
EPOCH_WORDS: Final = {
    "first": "first forecast",
    "first + 60 s": "one minute later",
    "first + 180 s": "three minutes later",
    "half way": "half way to the last",
    "last": "last forecast",
}
PREDICTOR_WORDS: Final = {"fast": "fast, as in this study", "full": "full sampling"}
TRUTH_WORDS: Final = {
    "prior": "drawn from the forecast's own assumptions",
    "scenario": "launches of the scenario calibrated on",
    "straight": "worst case: never banks",
    "constant_bank": "worst case: banks one way all along",
    "early_end": "worst case: dives early",
    "lift_low": "worst case: less lift",
    "lift_high": "worst case: more lift",
    "class_left_out": "worst case: class unknown",
    "worst": "worst cases",
}
PHASE_WORDS: Final = {
    "boosting": "burning", "coasting": "coasting", "gliding": "gliding", "falling": "falling",
    "all": "all",
}  # fmt: skip
CALIBRATION_WORDS: Final = (
    "A forecast draws a region that should hold the end point nine times in ten, and gives each prefecture a "
    "probability. Here simulated launches say how often that came true. Launches drawn from the forecast's own "
    "assumptions check the program; launches of the scenario calibrated on, of which the forecast knows nothing, are the "
    "test; the worst cases break the assumptions on purpose and have no target. The area is printed beside each share, because a "
    "region that is large enough holds anything."
)
CALIBRATION_CAPTION: Final = (
    "Probability stated for a prefecture against the share of times it was hit, with 95 % intervals; on the diagonal the "
    "forecast keeps its word. Above it, hits are more frequent than stated. Dashed: the hit threshold of the alert rule. "
    "Zero stands at the edge."
)
