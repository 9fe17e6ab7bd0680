"""Texts of the messages in five languages, the project's own words; orders come first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hinomi.cap.words import marked

LANGUAGES: Final = ("ja-JP", "en-US", "zh-CN", "zh-TW", "ko-KR")


def full_tag(tag: str) -> str:
    """The one of LANGUAGES that a short tag such as `ja` can only mean; otherwise the tag itself."""
    meant = [known for known in LANGUAGES if known.lower().startswith(f"{tag.lower()}-")]
    same = [known for known in LANGUAGES if known.lower() == tag.lower()]
    return (same or meant)[0] if len(same or meant) == 1 else tag


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """What one language says in one message, exercise words included."""

    event: str
    headline: str
    description: str
    instruction: str
    cell: str


# kind -> language -> (event, order, what happened). {time} is local time, {area} the places.
_INSIDE = {
    "ja-JP": "ただちに頑丈な建物か地下へ入り、窓から離れて身を低くしてください。",
    "en-US": "Go inside a solid building or underground now. Keep low and away from windows.",
    "zh-CN": "请立即进入坚固建筑物或地下，远离窗户，压低身体。",
    "zh-TW": "請立即進入堅固建築物或地下，遠離窗戶，壓低身體。",
    "ko-KR": "지금 바로 튼튼한 건물이나 지하로 들어가 창문에서 떨어져 몸을 낮추십시오.",
}
_STAY = {
    "ja-JP": "解除の知らせがあるまで、今いる建物の中にとどまってください。",
    "en-US": "Stay inside where you are until the all-clear.",
    "zh-CN": "在收到解除通知之前，请留在室内。",
    "zh-TW": "在收到解除通知之前，請留在室內。",
    "ko-KR": "해제 안내가 있을 때까지 지금 있는 건물 안에 머무르십시오.",
}
_OVER = {
    "ja-JP": "避難は解除されました。不審な物には近づかず、消防か警察に知らせてください。",
    "en-US": "You may leave shelter. Keep away from strange objects and tell the police or fire service.",
    "zh-CN": "可以离开避难处。请勿靠近可疑物体，并通知警察或消防部门。",
    "zh-TW": "可以離開避難處。請勿靠近可疑物體，並通知警察或消防單位。",
    "ko-KR": "대피가 해제되었습니다. 수상한 물체에 다가가지 말고 경찰이나 소방에 알리십시오.",
}
_IGNORE = {
    "ja-JP": "先ほどの知らせは取り消します。避難の必要はありません。",
    "en-US": "The earlier message is withdrawn. There is no need to take shelter.",
    "zh-CN": "撤销先前的通知。无需避难。",
    "zh-TW": "撤銷先前的通知。無需避難。",
    "ko-KR": "앞서 보낸 안내를 취소합니다. 대피할 필요가 없습니다.",
}
_WORDS: Final = {
    "launch": (
        _INSIDE,
        {
            "ja-JP": ("ミサイル発射", "{time}ごろ、ミサイルが発射された可能性があります。対象は{area}です。"),
            "en-US": ("Missile launch", "A missile may have been launched at about {time}. Area: {area}."),
            "zh-CN": ("导弹发射", "{time}左右可能有导弹发射。对象地区：{area}。"),
            "zh-TW": ("飛彈發射", "{time}左右可能有飛彈發射。對象地區：{area}。"),
            "ko-KR": ("미사일 발사", "{time}경 미사일이 발사된 것으로 보입니다. 대상 지역: {area}."),
        },
    ),
    "shelter": (
        _INSIDE,
        {
            "ja-JP": ("ただちに避難", "ミサイルが{area}に来るおそれがあります（{time}現在）。"),
            "en-US": ("Take shelter now", "A missile may reach {area} (as of {time})."),
            "zh-CN": ("立即避难", "导弹可能到达{area}（截至{time}）。"),
            "zh-TW": ("立即避難", "飛彈可能到達{area}（截至{time}）。"),
            "ko-KR": ("즉시 대피", "미사일이 {area}에 도달할 수 있습니다({time} 현재)."),
        },
    ),
    "passed": (
        _STAY,
        {
            "ja-JP": ("ミサイル通過", "{time}ごろ、ミサイルが{area}の上空を通過したとみられます。"),
            "en-US": ("Missile passed over", "A missile seems to have passed over {area} at about {time}."),
            "zh-CN": ("导弹飞越", "{time}左右，导弹可能已飞越{area}上空。"),
            "zh-TW": ("飛彈飛越", "{time}左右，飛彈可能已飛越{area}上空。"),
            "ko-KR": ("미사일 통과", "{time}경 미사일이 {area} 상공을 지나간 것으로 보입니다."),
        },
    ),
    "stay": (
        _STAY,
        {
            "ja-JP": ("引き続き屋内へ", "{area}への知らせの一つは{time}に終わりましたが、ほかの知らせが続いています。"),
            "en-US": ("Stay inside", "One of the alerts for {area} ended at {time}. Another still stands."),
            "zh-CN": ("请继续留在室内", "对{area}的一项通知已于{time}结束，但另一项通知仍然有效。"),
            "zh-TW": ("請繼續留在室內", "對{area}的一項通知已於{time}結束，但另一項通知仍然有效。"),
            "ko-KR": ("계속 실내 대기", "{area}에 대한 안내 하나가 {time}에 끝났지만 다른 안내는 계속됩니다."),
        },
    ),
    "fell": (
        _OVER,
        {
            "ja-JP": ("ミサイル落下", "{time}ごろ、ミサイルが海に落ちたとみられます。{area}への危険は去りました。"),
            "en-US": ("Missile fell", "A missile seems to have fallen into the sea at about {time}. {area}: no further danger."),
            "zh-CN": ("导弹落下", "{time}左右，导弹可能已坠海。{area}的危险已解除。"),
            "zh-TW": ("飛彈落下", "{time}左右，飛彈可能已墜海。{area}的危險已解除。"),
            "ko-KR": ("미사일 낙하", "{time}경 미사일이 바다에 떨어진 것으로 보입니다. {area}: 더 이상 위험이 없습니다."),
        },
    ),
    "fell-near": (
        _STAY,
        {
            "ja-JP": ("ミサイル落下", "{time}ごろ、ミサイルが{area}付近に落ちた可能性があります。"),
            "en-US": ("Missile fell", "A missile may have fallen near {area} at about {time}."),
            "zh-CN": ("导弹落下", "{time}左右，导弹可能落在{area}附近。"),
            "zh-TW": ("飛彈落下", "{time}左右，飛彈可能落在{area}附近。"),
            "ko-KR": ("미사일 낙하", "{time}경 미사일이 {area} 부근에 떨어졌을 수 있습니다."),
        },
    ),
    "all-clear": (
        _OVER,
        {
            "ja-JP": ("避難解除", "{area}への避難の呼びかけは{time}に終わりました。"),
            "en-US": ("All clear", "The call to take shelter in {area} ended at {time}."),
            "zh-CN": ("避难解除", "对{area}的避难呼吁已于{time}结束。"),
            "zh-TW": ("避難解除", "對{area}的避難呼籲已於{time}結束。"),
            "ko-KR": ("대피 해제", "{area}에 대한 대피 안내가 {time}에 끝났습니다."),
        },
    ),
    "cancel": (
        _IGNORE,
        {
            "ja-JP": ("取り消し", "{area}への知らせを{time}に取り消しました。"),
            "en-US": ("Cancelled", "The message to {area} was cancelled at {time}."),
            "zh-CN": ("取消", "发给{area}的通知已于{time}取消。"),
            "zh-TW": ("取消", "發給{area}的通知已於{time}取消。"),
            "ko-KR": ("취소", "{area}에 보낸 안내를 {time}에 취소했습니다."),
        },
    ),
}  # fmt: skip


def texts_of(kind: str, language: str, *, status: str, area: str, time: str) -> Texts:
    """Texts of a kind in a language, with the words of the status first and last in each.

    Parameters
    ----------
    kind
        one of `cap.kinds.KINDS`.
    language
        one of `LANGUAGES`.
    status
        Exercise or Test.
    area, time
        as they stand in the text: names of places, local hours and minutes.
    """
    orders, told = _WORDS[kind]
    event, what = told[language]
    order = orders[language]
    happened = what.format(area=area, time=time)
    apart = "" if language.startswith(("ja", "zh")) else " "
    return Texts(
        event=marked(event, status, language),
        headline=marked(f"{event}. {order}" if apart else f"{event}。{order}", status, language),
        description=marked(happened, status, language),
        instruction=marked(order, status, language),
        cell=marked(f"{order}{apart}{happened}", status, language),
    )
