"""Phrase book of the report: English text -> Japanese text, with the same places for values."""

from __future__ import annotations

from typing import Final

from hinomi.report import section_words as s
from hinomi.report import words as w
from hinomi.report.japanese_page import PAGE
from hinomi.report.japanese_scenarios import SCENARIOS
from hinomi.report.japanese_short import SHORT

HEADLINES: Final = {
    "first_detection_s": "点火から最初の探知まで（警報を決める所）",
    "firm_track_s": "点火から確かな航跡まで（警報を決める所）",
    "first_alert_s": "点火から警報の発令まで",
    "lead_s": "余裕時間（人口で重みづけた中央値）",
    "warned_in_time_share": "必要な人のうち間に合った割合",
    "missed_people": "到達までに警報が届かなかった人",
    "sheltered_people": "避難できた人",
    "over_warned_people": "必要がないのに警報を受けた人",
    "false_alert_share": "警報を受けた人のうち必要がなかった割合",
    "leakers": "迎撃されなかった数",
    "shots": "発射した迎撃弾",
    "unengaged": "一度も射撃されなかった数",
    "cost_musd": "発射した迎撃弾の費用（一覧の単価）",
    "network_cost_musd": "共有網の年間費用",
    "refill_months": "補充にかかる月数（生産のみ）",
    "refill_months_with_lead": "補充にかかる月数（調達の準備を含む）",
}
CAPTIONS: Final = {
    "map": "最初の繰り返しの飛翔（真の経路）。色と線の形は種類を表す。センサーと部隊はシナリオの位"
    "置で、0.1度に丸めてあり、"
    "一覧に出典がないかぎり仮想のもの。塗り：図に名のある体制で、その都道府県に警報が出た繰り"
    "返しの割合。点線の楕円：警報を決めた時点の"
    "予測着弾点の90％が入る範囲（地図ほど長いものは数だけ示す）。右：飛翔の全体と、高度の時間変化。",
    "timeline": "印は、その弾の点火からの時間の中央値（弾と繰り返しの全体）。線は5～95％。起こらなかった"
    "段階はここでは除き、表で数える。最初の観測と確かな航跡は、警報を出す国に知らせる国のどれか"
    "での時刻。項目の表は警報を決める所だけで数えるので、遅いことがある。",
    "lead": "印：人口で重みづけた中央値、太い棒：中央の半分、線：5～95％。左の数字は、警報が必要だっ"
    "たのに受けられなかった人の割合。"
    "各地への最初の到達だけを数える。",
    "leakage": "棒：その数だった繰り返しの割合、印：平均。撃破確率と到達範囲は仮定で、おとりはない。",
    "panels": "印は値、線は95％の区間で、偶然だけを含む。左向きの線が左端に達するものは下限がない。値の"
    "ない図は描かない。",
    "bands": "上の線（丸）：偶然だけの95％区間。下の太い帯：仮定を同時に動かしたときの5～95％の帯。二"
    "つは混ぜない。",
}
WORDS: Final = {
    "holds": "区間は95％で、偶然だけを含む。襲来の抽選、センサーの見え方、人の遅れのばらつきであり、仮"
    "定はすべて一覧の値のまま。"
    "仮定の影響は入っていない。hinomi sensitivity SCENARIO で各仮定を範囲の端まで動かし、その"
    "帯を求められる。",
    "middle": "時刻の差は襲来ごとの差の中央値で、二つの中央値の差ではない。",
    "pairs": "差は、シナリオの所有表と遅延から生じる。どちらも変えられる。シナリオに断りがないかぎり意"
    "思決定の時間はどの体制でも同じなので、"
    "人が速くなったことによる分はない。",
    "grades": "シナリオの中の出典のない数字は「仮定」とみなす。仮定に基づく結果は、その仮定の下での差で"
    "あって予報ではない。",
    "quote": "どの値も、区間、繰り返しの数 n、区間が何を含むかと一緒に引用してください。引用できるのは"
    "「これらの仮定の下での差」であり、予報ではない。",
    "bill": "費用は一覧の単価で、ライセンス生産による上乗せは含まない。月数は、最後に満ちる在庫までの襲来ごとの"
    "月数の中央値で、生産ラインの示された能力により整数の弾数を補うものとし、供給者の制約は含まない。"
    "hinomi sustain SCENARIO --from-run DIR は供給者、ライセンス、単価の範囲を含めて在庫ごとに示し、"
    "この二つの数も並べて示す。",
    "bands": "偶然と仮定は別々の帯で、決して混ぜない。繰り返しを増やせば前者は縮むが、後者は知識が増え"
    "なければ縮まない。"
    "ここの値は時間も含めて襲来の平均であり、上の中央値とは異なる。",
}
LIMITS: Final = (
    "おとり、対抗手段、妨害、サイバー攻撃はない。使い終えた段や破片を余分の物体として扱わず、"
    "見分けることもしない。",
    "迎撃弾は到達時間の表と与えられた撃破確率で表す。到達範囲は運動学的な上限である。",
    "レーダーに処理量の限度と実際の地形による遮蔽はない。反射断面積は種類と段階ごとに一つ。",
    "人：どの体制でも一つの弾に一つの判断の速さ。海上の人、避難所の準備は扱わない。",
    "撃破された弾も、警報の評価では到達として数える。",
    "撃破された弾は見え続け、それを知らされるのは航跡を共有する側だけである。共有がなければ、"
    "すでに落ちた弾に向けて撃つ迎撃弾とその費用が含まれる。",
    "脅威の種類は一般的なもので、公開の集計値に合わせてある。名のある装備のデータではない。",
)
_PEOPLE: Final = {
    "people_in_need": "警報が必要だった人（人）",
    "visitors_in_need": "うち来訪者（人）",
    "knew_people": "到達までに知った（人）",
    "with_needed_people": "{needed}以上前に知った（人）",
    "people_seconds": "全員の余裕時間の合計（人・分）",
    "moved_people": "窓から離れた（知った人の{window}）（人）",
    "sheltered_people": "避難した（知った人の{compliance}）（人）",
}
_STAGES: Final = {
    "seen": "最初の観測（知らせる国のどれか）",
    "firm track": "確かな航跡（知らせる国のどれか）",
    "relayed": "警報を出す国に届く（中継を含む）",
    "launch message": "判別、発射情報",
    "issued": "決定、発令",
    "received": "受信（必要な人の中央の人がいる所）",
    "heard": "いずれ聞く人の半数が聞いた",
    "acted": "行動する人の半数が行動した",
    "in shelter": "避難する人の半数が避難した",
    "arrival": "到達",
}
_PHASES: Final = {
    "burning": "燃焼中",
    "coasting": "慣性飛翔中",
    "gliding": "滑空中",
    "falling": "落下中",
    "20 s after a change": "段階が変わって20秒",
    "whole flight": "飛翔の全体",
    "all": "全体",
}
_TRACKING: Final = {
    "to_w_s": "点火から確かな航跡（等級W）まで（警報を決める所）",
    "to_q_s": "センサーを向けるのに足る航跡（等級Q）まで",
    "to_e_s": "射撃を支えるのに足る航跡（等級E）まで",
    "completeness": "飛翔時間のうち航跡がある割合",
    "continuity": "一つの航跡番号が最も長く続いた割合",
    "number_changes": "航跡番号の変化",
    "ambiguity": "航跡のある脅威一つ当たりの航跡",
    "spuriousness": "何にも当たらない航跡",
    "gospa_m": "航跡図と真値の隔たり（GOSPA）",
    "gospa_localisation_m": "うち：位置の誤差",
    "gospa_missed_m": "うち：航跡のない脅威",
    "gospa_false_m": "うち：脅威のない航跡",
    "class_right": "滑空体と弾道弾を飛翔中に判別（偶然なら半分）",
    "nis": "観測の意外さの二乗（正直なら1）",
    "stage_tracks": "切り離された段の航跡（襲来1回当たり）",
}
_EPOCHS: Final = {
    "first": "最初の予測",
    "first + 60 s": "1分後",
    "first + 180 s": "3分後",
    "half way": "最後までの半ば",
    "last": "最後の予測",
}
_TRUTHS: Final = {
    "prior": "予測と同じ仮定から抽選",
    "scenario": "較正に使ったシナリオの発射",
    "straight": "最悪例：旋回しない",
    "constant_bank": "最悪例：終始一方に旋回",
    "early_end": "最悪例：早く降下",
    "lift_low": "最悪例：揚力が小さい",
    "lift_high": "最悪例：揚力が大きい",
    "class_left_out": "最悪例：種類が不明",
    "worst": "最悪例",
}
_TEXTS: Final = {
    s.PEOPLE_ABSENT: "この計算にはない（人の時計のない版で作られた）。新しく計算すれば得られる。",
    s.TWO_COUNTS: "「知った」は本人が聞いたこと。主な項目の「警報が届かなかった人」は、警報がその地に遅れた"
    "か届かなかった所の人で、それより少ない。",
    s.CLOCK_CAPTION: "棒の各部分は、その段階の時間の中央値（弾と繰り返しの全体）で終わり、長さは書かれた秒数。"
    "「received」からは、"
    "警報が必要な人の中央の人がいる所での時間。ひし形と線：そこへの到達の中央値と5～95％。"
    "最初の観測と確かな航跡は、警報を出す国に知らせる国のどれかでの時刻。項目と追尾の表は警報を"
    "決める所だけで数えるので、遅いことがある。",
    s.TRACKING_ABSENT: "この計算にはない（この評点のない版で作られた）。新しく計算すれば得られる。",
    s.TRACKING_WORDS: "警報を決める航跡図を10秒ごとに真の飛翔と比べる。追尾器は位置とともに誤差を示すので、それ"
    "を実際の誤差と比べる。"
    "「整合」は示したとおり、「2倍楽観」は実際の誤差が示した値の2倍という意味で、その誤差に頼"
    "るもの（予測範囲、航跡が足るとみなす時点）は"
    "自信が過ぎる。「悲観」は示したより小さいこと。",
    s.TRACKING_COUNTS: "航跡：脅威と繰り返しごとに一つと数える（同じ航跡の行は誤差を共有するので証拠に数えない）。"
    "判定には10以上を要し、"
    "その数の両側95％カイ二乗の範囲内か、示した値の1割以内なら整合とする。二乗誤差：6つの数そ"
    "れぞれの正規化二乗誤差の平均で、正直なら1。"
    "範囲内：95％が入るとした範囲に入った割合。段階が変わった直後は追尾器が動きを知る途中で、"
    "その行も段階に含む。切り離された段は脅威ではなく、"
    "その航跡は別に数える。",
    s.TRACKING_CAPTION: "塗った印：実際の誤差（3軸の二乗平均平方根）、白抜き：示した誤差。判定は表にある。判定は、"
    "その時その方向に示した誤差で"
    "重みづけるので、大きいと示した大きな誤差は判定では小さく、この図では大きく効く。",
    s.CALIBRATION_WORDS: "予測は、着弾点が10回に9回入るはずの範囲と、都道府県ごとの確率を示す。ここでは模擬の発射"
    "で、それが何回当たったかを示す。"
    "予測と同じ仮定からの発射はプログラムの確認、予測が何も知らない較正用シナリオの発射が試験で、最"
    "悪例はわざと仮定を破るので目標値はない。"
    "十分に広い範囲なら何でも入るので、割合の横に面積を示す。",
    s.CALIBRATION_CAPTION: "都道府県について示した確率と、実際に当たった割合（95％区間）。対角線の上なら予測どおりで、"
    "それより上は示したより多く当たった。"
    "破線：警報の規則のしきい値。0は端に置く。",
}


def _matched(english: object, japanese: object) -> dict[str, str]:
    """Texts under the same keys, or in the same order, as a book."""
    if isinstance(english, dict) and isinstance(japanese, dict):
        return {text: japanese[key] for key, text in english.items()}
    if isinstance(english, tuple) and isinstance(japanese, tuple):
        return dict(zip(english, japanese, strict=True))
    raise TypeError("two dictionaries or two tuples")


BOOK: Final[dict[str, str]] = {
    **_matched(w.HEADLINE_NAMES, HEADLINES),
    **_matched(w.CAPTIONS, CAPTIONS),
    **_matched(w.WORDS, WORDS),
    **_matched(w.LIMITS, LIMITS),
    **_matched({k: f"{name}, {unit}" for k, name, _, unit in s.PEOPLE_ROWS}, _PEOPLE),
    **_matched(s.STAGE_WORDS, _STAGES),
    **_matched({k: name for k, name, _ in s.TRACKING_ROWS}, _TRACKING),
    **_matched(s.EPOCH_WORDS, _EPOCHS),
    **_matched(s.TRUTH_WORDS, _TRUTHS),
    **_PHASES,
    **_TEXTS,
    **SHORT,
    **PAGE,
    **SCENARIOS,
}
