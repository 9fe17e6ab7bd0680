"""Japanese of the report's headings, captions and sentences that stand in its templates."""

from __future__ import annotations

from typing import Final

HEADINGS: Final = {
    "The answer in short": "要点",
    "What it buys and what it takes": "得られるものと、かかるもの",
    "What chance does, and what assumptions do": "偶然によるもの、仮定によるもの",
    "The assumptions that carry it": "結果を支える仮定",
    "Against the public record": "公開記録との比較",
    "The area, the flights and who is alerted": "地域、飛翔、警報の出る所",
    "From ignition to arrival": "点火から到達まで",
    "Lead time by island group": "島々ごとの余裕時間",
    "From ignition to shelter: people and their time": "点火から避難まで：人とその時間",
    "What is defended, with how many rounds": "何が守られ、何発要るか",
    "How well the threats are tracked": "脅威はどれだけ正しく追尾されるか",
    "How far the predicted areas can be trusted": "予測範囲はどこまで信頼できるか",
    "Every headline figure": "すべての項目",
    "Closed forms beside the Monte Carlo": "抽選による計算と閉じた式の照合",
    "What integration buys": "統合で得られるもの",
    "The same, under other assumptions": "同じことを別の仮定の下で",
    "Every number, with its grade": "すべての数と、その等級",
    "What this leaves out": "含まれないもの",
    "In two minutes": "2分で読む",
    "The evidence": "根拠",
    "All numbers": "すべての数",
}
BITS: Final = {
    "To the answer": "要点へ",
    "Back to the answer": "要点へ戻る",
    "Status": "この文書の性格",
    "Sections": "目次",
    "Picture": "図",
    "The key figures": "主な項目",
    "All of them": "すべて見る",
    "Download CSV": "CSVを保存",
    "(without the last {left} rows, which are in the run's folder)": (
        "（最後の{left}行を除く。それは計算のフォルダーにある）"
    ),
    "{n} replicates": "繰り返し{n}回",
    "1 replicate": "繰り返し1回",
    "random seed {seed}": "乱数の種{seed}",
    "architectures: {count}": "体制の数：{count}",
    "Of {total} numbers in this study:": "この計算の数{total}個のうち：",
    "{more} more are in the sensitivity study.": "ほかに{more}件が感度の計算にある。",
}
CAPTIONS: Final = {
    "Value, 95 % interval in grey, replicates n, and what the interval holds.": (
        "値、灰色は95％区間、nは繰り返しの数、右端は区間が含むもの。"
    ),
    "A difference of times is the middle of the raid-by-raid differences, which is not the difference "
    "of the two middles.": "時刻の差は襲来ごとの差の中央値で、二つの中央値の差ではない。",
    "95 % intervals in grey.": "灰色は95％区間。",
    "Median over raids of the people-weighted median lead, and mean share warned in time, each with its 95 % interval "
    "below; raids: those in which anybody there needed a warning. The picture has the people of all raids together.": (
        "人口で重みづけた余裕時間の中央値の、襲来についての中央値と、間に合う割合の平均。下は95％区間。襲来は、"
        "そこで警報が必要な人がいた回数。図は全襲来の人をまとめたもの。"
    ),
    "Tracks that got no salvo, mean per raid over all pictures, by reason (policy: another unit or nation had it, or the "
    "rules did not allow it).": (
        "射撃されなかった航跡の、襲来1回当たりの平均（全航跡図、理由別）。方針：別の部隊や国が受"
        "け持ったか、規則が許さなかった。"
    ),
    "Paired by replicate: same raid, same looks, same human delays.": (
        "繰り返しごとの組の差：同じ襲来、同じ観測、同じ人の遅れ。"
    ),
    "Saved: the share of replicates that the same draws spare.": (
        "節約：同じ乱数を使うことで要らなくなる繰り返しの割合。"
    ),
    "The whole picture; 95 % intervals in grey.": "航跡図の全体。灰色は95％区間。",
    "By phase of flight: errors over three axes, stated error in grey.": (
        "飛翔の段階別：3軸の誤差。灰色は示した誤差。"
    ),
    "Coverage of the 90 % region by the predictor of this study, number of launches:": (
        "この計算の予測の90％範囲に入った割合。発射の数："
    ),
    "One forecast per launch and epoch.": "発射と時点ごとに予測一つ。",
    "Seconds after ignition: median, 5 to 95 % in grey, share that never came.": (
        "点火からの秒：中央値、灰色は5～95％、来なかった割合。"
    ),
    "Mean of a raid, 95 % interval in grey. First arrival at each place only.": (
        "襲来の平均。灰色は95％区間。各地への最初の到達だけ。"
    ),
    "The numbers moved together in the band of the sensitivity study beside this run: those with the largest effects.": (
        "横にある感度の計算の帯で同時に動かした数。効果の最も大きかったもの。"
    ),
    "The numbers that moved the figures most, at most ten, by the sensitivity study beside this run.": (
        "横にある感度の計算で、結果を最も動かした数（十まで）。"
    ),
    "Numbers that the key figures rest on; not ranked: hinomi sensitivity ranks them.": (
        "主な項目を支える数。順位ではない。順位は hinomi sensitivity で求める。"
    ),
}
SENTENCES: Final = {
    "Apogee and range are inputs of a reconstruction and are never counted as agreement; what is tested is time. The "
    "latencies of the alert were frozen on one event, so its alert minute is shown, not counted. The alerted area is an "
    "input from the public record.": (
        "最高高度と飛距離は再現の入力なので、一致とは数えない。試すのは時間である。警報の遅延は一"
        "つの出来事で決めて固定したので、"
        "その警報の時刻は示すだけで数えない。警報の範囲は公開記録からの入力である。"
    ),
    "Nobody needed a warning in any replicate: no body ended within {km} km of a municipality or passed over one below "
    "150 km. Places passed over higher are counted apart, and an alert there is not called false.": (
        "どの繰り返しでも警報が必要な人はいなかった。"
        "市町村から{km} km以内に落ちた弾も、高度150 km未満で上空を通った弾もない。より高く通過し"
        "た所は別に数え、そこへの警報を誤りとは呼ばない。"
    ),
    "Each salvo at a body still alive was granted with a stated probability. Kills minus the sum of these is chance "
    "alone, with standard error √Σp(1−p): more than three of them would mean that the engag"
    "ement is not what its numbers "
    "say.": (
        "まだ残っている弾への射撃は、示した確率で命中とする。撃破の数からその確率の和を引いたもの"
        "は偶然だけで、標準誤差は√Σp(1−p)。"
        "その3倍を超えれば、射撃の計算が示した数どおりでないことになる。"
    ),
    "K^W takes every threat to get exactly one salvo of the mean planned kill probability K, each by itself. Here some "
    "threats get none (no track, no window, no rounds), survivors are shot at again, kill probabilities differ by "
    "interceptor and kind of threat, and a salvo whose track was not held or has left the windows is worth less than "
    "planned.": (
        "K^W は、どの脅威にも平均の撃破確率 K の射撃がちょうど一回ずつあるとする。ここでは射撃の"
        "ない脅威（航跡、時間、残弾がない）があり、"
        "残った弾は再び撃たれ、撃破確率は迎撃弾と脅威の種類で異なり、航跡が途切れるなどした射撃の"
        "価値は計画より低い。"
    ),
    "The headline pair again on the first {n} replicates, so on the same draws: as it is, and with one assumption "
    "changed. Decision times are equal in both architectures here; a faster single authority is a variant of its own "
    "(--variant single_authority).": (
        "主な比較を最初の{n}回の繰り返し（同じ抽選）で、元のままと、仮定を一つ変えた場合とで示す。"
        "ここでは両体制の意思決定の時間は同じで、一元化で速くなる場合は別の条件（--variant single"
        "_authority）。"
    ),
    "Blocks that are closed on the page are not printed; open those that are wanted, or take the file.": (
        "画面で閉じている部分は印刷されない。必要な部分を開くか、ファイルを用いる。"
    ),
    "No published time of this event can be held against a time of the model: its facts are inputs, or never came.": (
        "モデルの時間と比べられる公表の時刻はない。事実は入力であるか、モデルでは起こらなかった。"
    ),
    "Nobody needed a warning in any replicate, so there is no clock from ignition to shelter.": (
        "どの繰り返しでも警報が必要な人はいなかったので、点火から避難までの時計はない。"
    ),
    "A sensitivity answer lies beside this run, but it could not be read.": (
        "この計算の横に感度の計算があるが、読めなかった。"
    ),
    "No sensitivity study of this scenario lies beside this run, so the band of assumptions is not shown. It is made by:": (
        "この計算の横に同じシナリオの感度の計算がないので、仮定の帯は示さない。作るには："
    ),
    "No single number whose own effect is clear turns the difference or hides it in chance.": (
        "それ自体の効果がはっきりした数のうち、差の符号を変えたり隠したりするものはない。"
    ),
    "In no phase are errors larger than stated, as far as these replicates can tell.": (
        "この繰り返しで分かるかぎり、誤差が示した値より大きい段階はない。"
    ),
    "Headline pair: against about today's practice, because early-warning data have long been passed on.": (
        "主な比較：ほぼ現在の運用との差。早期警戒の情報は以前から渡されている。"
    ),
    "Counterfactual without any sharing: nobody proposes it; it bounds what sharing is worth.": (
        "何も共有しない仮想の比較。誰も提案していないが、共有の価値の上限を示す。"
    ),
}
ASSUMED: Final = {
    "time to decide on an alert": "警報を決める時間",
    "time to classify a launch": "発射を判別する時間",
    "probability from which a place is alerted": "警報を出す確率のしきい値",
    "time that a person needs": "人が必要とする時間",
    "share of those warned who go to a shelter": "警報を知って避難する人の割合",
    "time to decide on an engagement": "射撃を決める時間",
    "position error up to which a track supports an engagement": "射撃を支える航跡の位置誤差の限度",
    "kill probability of a round, ballistic body": "1発の撃破確率（弾道弾）",
    "kill probability of a round, glider": "1発の撃破確率（滑空体）",
    "yearly price of the network": "共有網の年間費用",
    "price of a round": "1発の単価",
}
PAGE: Final = {**HEADINGS, **BITS, **CAPTIONS, **SENTENCES, **ASSUMED}
