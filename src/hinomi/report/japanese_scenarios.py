"""Japanese titles of the scenarios that ship with the package; one that was changed keeps its own."""

from __future__ import annotations

from typing import Final

TITLES: Final = {
    "Okinawa and Kyushu, September 2025: a notional raid of eight": "沖縄と九州、2025年9月：仮想の8弾の襲来",
    "Okinawa and Kyushu, September 2025: a notional raid of eight, with 28 planned low-orbit satellites (8 in orbit)": (
        "沖縄と九州、2025年9月：仮想の8弾の襲来、計画中の低軌道衛星28機を含む（軌道上は8機）"
    ),
    "Okinawa and Kyushu, September 2025: a notional raid of eight, with 54 planned low-orbit satellites": (
        "沖縄と九州、2025年9月：仮想の8弾の襲来、計画中の低軌道衛星54機を含む"
    ),
    "Command and licence production, July 2024: a notional mixed raid of eight": (
        "指揮と許諾生産、2024年7月：仮想の混成8弾の襲来"
    ),
    "Low flights, January 2022: what sensors see of them beside a ballistic flight of the same range": (
        "低い飛翔、2022年1月：同じ距離の弾道飛翔と並べてセンサーに何が見えるか"
    ),
    "Glide-phase layer, August 2023: four gliders, with and without a layer that meets them in the glide": (
        "滑空段階の層、2023年8月：四つの滑空体、滑空中に迎える層のある場合とない場合"
    ),
    "Satellite launch, 31 May 2023: who is told, how early, for how long; two nations and three": (
        "衛星の打ち上げ、2023年5月31日：誰に、どれだけ早く、どれだけ長く知らせるか。2国と3国"
    ),
    "Satellite launch, 21 November 2023: a flight that went on, two nations and three": (
        "衛星の打ち上げ、2023年11月21日：続いた飛翔。2国と3国"
    ),
    "Replay: the overflight of 29 August 2017": "再現：2017年8月29日の上空通過",
    "Replay: the overflight of 4 October 2022": "再現：2022年10月4日の上空通過",
    "Replay: the satellite launch of 31 May 2023": "再現：2023年5月31日の衛星の打ち上げ",
    "Replay: the satellite launch of 24 August 2023": "再現：2023年8月24日の衛星の打ち上げ",
    "Replay: the satellite launch of 27 May 2024": "再現：2024年5月27日の衛星の打ち上げ",
}
SUMMARIES: Final = {
    "Four gliders and four medium-range ballistic bodies on neutral arcs north-west of Okinawa. Who is warned and how\n"
    "early, who reaches shelter, what is defended, how many rounds it takes, what it costs, and what integrating two\n"
    "nations' sensors and command buys over today's shared warning. Everything is notional: an exercise.\n": (
        "沖縄の北西の中立な弧からの、滑空体4と準中距離弾道弾4。誰にどれだけ早く警報が届き、誰が避"
        "難でき、何が守られ、"
        "迎撃弾が何発要り、いくらかかり、二つの国のセンサーと指揮の統合が現在の情報共有に比べて何"
        "をもたらすか。"
        "すべて仮想の想定である。"
    ),
}
SCENARIOS: Final = {**TITLES, **SUMMARIES}
