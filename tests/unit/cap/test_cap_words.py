"""Wording of exercises, and how long texts are on phones."""

import pytest

from hinomi.cap.lengths import GSM, GSM_TWICE, MAX_GSM, MAX_UCS2, places
from hinomi.cap.profile import check_digit
from hinomi.cap.times import asked_time, text_of, time_of
from hinomi.cap.words import denial_in, is_marked, marked
from hinomi.errors import ScenarioError

# Sentences that a person in a hurry writes; in the order of the languages of the texts.
DENYING = (
    # English
    "This is not a drill", "THIS IS NOT\u00a0A DRILL", "this is not a dr\u200bill",
    "ＮＯＴ Ａ ＤＲＩＬＬ", "This isn’t a test.", "this is no test", "It is not really a drill",
    "not training", "not-a-drill", "not just an exercise", "not a rehearsal", "not a simulation",
    "not a dríll", "not a real drill", "this is the real thing", "real missile", "a real attack",
    "actual missile launch",
    # Japanese
    "これは訓練ではありません", "訓練ではない", "訓練でない", "これは訓練じゃありません", "訓練じゃない",
    "訓練とは違います", "訓練などではありません", "演習ではございません", "試験じゃない", "テストではない",
    "本物のミサイルです", "実際のミサイルです", "これはnot a drillです",
    # Chinese, both scripts
    "这不是演习", "并非演练", "不是训练", "这不是测试", "不属于演习", "非演习", "真实导弹", "这是真的",
    "這不是演習", "並非演練", "不是訓練", "這不是測試", "不屬於演習", "真實飛彈", "這是真的",
    # Korean
    "실제 상황입니다", "훈련이 아닙니다", "훈련은 아닙니다", "연습이 아닙니다", "테스트가 아닙니다", "실제 미사일",
    "진짜 공격입니다",
)  # fmt: skip
HARMLESS = (
    "This is a drill", "training", "notable drills", "", "Volcano drill", "Piano test",
    "No real action is needed.", "no real missile", "not a real attack", "a realistic attack plan",
    "訓練です", "訓練なので落ち着いて", "訓練では実際に歩きます", "実際の避難は必要ありません",
    "这是演习", "演習開始", "이것은 훈련입니다", "훈련 시작", "훈련은 아침에",
)  # fmt: skip


@pytest.mark.parametrize("text", DENYING)
def test_denials_are_found_in_any_width_case_and_disguise(text):
    assert denial_in(f"EXERCISE {text} EXERCISE")
    assert denial_in(f"【訓練】{text}【訓練】")


@pytest.mark.parametrize("text", HARMLESS)
def test_ordinary_words_are_no_denial(text):
    assert denial_in(text) == ""


@pytest.mark.parametrize(
    ("text", "language", "true"),
    [
        ("EXERCISE - go - EXERCISE", "en-US", True),
        ("exercise exercise: go. Exercise!", "en-GB", True),
        ("EXERCISE go", "en-US", False),
        ("go EXERCISE", "en-US", False),
        ("EXERCISE", "en-US", False),
        ("【訓練】避難【訓練】", "ja-JP", True),
        ("訓練、訓練。避難してください。訓練", "ja-JP", True),
        ("EXERCISE - 避難 - EXERCISE", "ja-JP", False),
        ("【演習】避難【演習】", "zh-TW", True),
        ("EXERCISE - abri - EXERCISE", "fr-FR", True),
    ],
)
def test_the_mark_must_stand_first_and_last_in_the_texts_language(text, language, true):
    assert is_marked(text, "Exercise", language) is true


@pytest.mark.parametrize("language", ["ja-JP", "en-US", "zh-CN", "zh-TW", "ko-KR", "de"])
@pytest.mark.parametrize("status", ["Exercise", "Test"])
def test_what_is_marked_counts_as_marked(language, status):
    assert is_marked(marked("x", status, language), status, language)


def test_gsm_alphabet_has_its_127_and_ten_characters():
    """3GPP TS 23.038: 128 codes of which one is the escape; ten more by way of the escape."""
    assert len(GSM) == 127
    assert len(GSM_TWICE) == 10
    assert not GSM & GSM_TWICE


def test_lengths_count_septets_and_utf_16_units():
    assert places("a" * MAX_GSM) == (1395, 1395, "GSM-7")
    assert places("€[") == (4, MAX_GSM, "GSM-7")
    assert places("訓" * 615) == (615, MAX_UCS2, "UCS-2")
    assert places("a" * 10 + "訓") == (11, MAX_UCS2, "UCS-2")
    assert places("😀") == (2, MAX_UCS2, "UCS-2")


@pytest.mark.parametrize(
    ("code", "digit"), [("01100", "2"), ("13101", "6"), ("47201", "8"), ("27100", "4")]
)
def test_check_digits_are_those_of_the_official_list(code, digit):
    """Six-digit codes of Sapporo 011002, Chiyoda 131016, Naha 472018, Osaka 271004."""
    assert check_digit(code) == digit


@pytest.mark.parametrize(
    "text",
    [
        "2025-09-15T10:30:00Z", "2025-09-15T10:30:00.5+09:00", "2025-09-15T10:30:00,09:00",
        "2025-09-15 10:30:00+09:00", "2025-13-15T10:30:00+09:00", "",
    ],
)  # fmt: skip
def test_other_forms_of_time_are_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        time_of(text)


def test_utc_is_written_as_minus_zero_and_read_back():
    time = asked_time("2025-09-15T10:30:00Z", "--sent")
    assert text_of(time) == "2025-09-15T10:30:00-00:00"
    assert time_of(text_of(time)) == time
    with pytest.raises(ScenarioError, match="--sent is 'noon'"):
        asked_time("noon", "--sent")
