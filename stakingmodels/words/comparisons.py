"""Words for the notes of a comparison: legends, assumptions, and reasons for rows left out."""

WORDS = {
    # legends
    "legend.caption": ("How to read it", "如何閱讀"),
    "legend.returns": (
        "mean, median, 5% end below, 5% end above: profit by the last day over all money paid in.",
        "平均、中位數、第 5 與第 95 百分位：到最後一天的損益，除以投入的全部金額。",
    ),
    "legend.versus": (
        "vs: mean difference to the benchmark, and to cash, path by path. (s.e.): its standard error.",
        "對基準、對現金：逐條路徑相減後的平均差額；括號內是它的標準誤。",
    ),
    "legend.effective": (
        "eff. N: how many independent paths would give the mean the same standard error.",
        "有效路徑數：要有多少條獨立路徑，平均值才會有同樣的標準誤。",
    ),
    "legend.coins": (
        "gross, no event, net: coins a year, from the opening to the last day of pay, over the coins that the capital "
        "bought on the first day: rewards; all but the price on the paths that no loss event struck; and on all paths.",
        "毛收益率、無事件、淨收益率：從投入到最後一個計酬日，每年得到的幣，除以本金第一天買到的幣：只計獎勵；"
        "沒有發生損失事件的路徑上，價格以外的全部；以及所有路徑。",
    ),
    "legend.cost": (
        "cost: fees and costs over capital, paid from rewards or not. P(loss): share of paths that end with a loss.",
        "成本：手續費與成本占本金的比例，不論是否由獎勵支付。虧損機率：以虧損收場的路徑比例。",
    ),
    "legend.risk": (
        "VaR, ES: loss over all money paid in not exceeded on {level} of the paths, and mean loss beyond, by causes.",
        "風險值（VaR）、預期短缺（ES）：{level} 的路徑不會超過的損失（占投入的全部金額），"
        "以及超過時的平均損失與其原因。",
    ),
    "legend.days": (
        "days to cash: from the exit until all money is in hand, not exceeded on {level} of the paths.",
        "取現天數：從退出到全部取得現金，{level} 的路徑不會超過。",
    ),
    "legend.ladder": (
        "Share back: money in hand by then over all money paid in; - where the run ends too early to tell.",
        "已取回的比例：到那時已取得的現金，除以投入的全部金額；「-」表示計算結束得太早，無從得知。",
    ),
    # assumptions
    "run.caption": ("What it rests on", "根據什麼"),
    "run.one_path": (
        "N = 1 path, which tells nothing about chance.",
        "N = 1 條路徑，看不出機率。",
    ),
    "run.few_windows": (
        "N = {n:,} windows of one record: fewer than {few}, too few for standard errors.",
        "N = 同一份記錄的 {n:,} 段：少於 {few} 段，不足以估計標準誤。",
    ),
    "run.few_windows_apart": (
        "N = {n:,} windows of one record, of which {apart:.1f} could lie apart: fewer than {few}, too few for standard "
        "errors.",
        "N = 同一份記錄的 {n:,} 段，其中互不重疊的最多 {apart:.1f} 段：少於 {few} 段，不足以估計標準誤。",
    ),
    "run.overlapping": (
        "N = {n:,} overlapping windows of one record. Standard errors are Newey-West with lag {lag}, and no less than "
        "those of the {apart:.1f} windows that could lie apart{band}.",
        "N = 同一份記錄中互相重疊的 {n:,} 段。標準誤採 Newey-West 法，落後 {lag} 期，且不小於互不重疊的 {apart:.1f} "
        "段所給的標準誤{band}。",
    ),
    "run.band": (
        "; a band of 95% is {width:.2f} of them to either side",
        "；95% 信賴區間為左右各 {width:.2f} 個標準誤",
    ),
    "run.windows": (
        "N = {n:,} windows of one record that do not overlap; errors take them as independent{band}.",
        "N = 同一份記錄中互不重疊的 {n:,} 段；標準誤視其為獨立{band}。",
    ),
    "run.paths": (
        "N = {n:,} independent paths; standard errors are those of independent paths.",
        "N = {n:,} 條獨立路徑；標準誤以獨立路徑計算。",
    ),
    "run.quasi": (
        "N = {n:,} quasi-random paths, {n_replicates} replicates of {points:,}; standard errors come from the spread "
        "over the replicates, and {width:.2f} of them to either side make a band of 95%.",
        "N = {n:,} 條準隨機路徑，分為 {n_replicates} 組，每組 {points:,} 條；標準誤由各組之間的離散程度算出，"
        "95% 信賴區間為左右各 {width:.2f} 個標準誤。",
    ),
    "run.quasi_alone": (
        "N = {n:,} quasi-random paths of one replicate, which tells no standard errors.",
        "N = {n:,} 條準隨機路徑，只有一組，無法得知標準誤。",
    ),
    "run.stratified": (
        "First strikes of events are stratified, but for those of a copula. Standard errors are those of independent "
        "draws, and so too large.",
        "事件的第一次發生採分層抽樣，屬於關聯結構的除外。標準誤以獨立抽樣計算，因此偏大。",
    ),
    "run.risk_errors": (
        "Standard errors of VaR and ES {level}: {rows:;}.",
        "風險值與預期短缺 {level} 的標準誤：{rows:;}。",
    ),
    "run.risk_error": ("{product} {var}, {es}", "{product} {var}、{es}"),
    "run.interrupted": (
        "Interrupted: {n:,} of {asked:,} paths were run.",
        "已中斷：{asked:,} 條路徑中計算了 {n:,} 條。",
    ),
    "run.ranked": ("Rows are ranked by {column}, best first.", "依 {column} 排序，最好的在前。"),
    "run.seed": ("Seed {seed} repeats the run.", "以亂數種子 {seed} 可重現這次計算。"),
    "run.own_coin": (
        "Benchmark of each row: its own coin, bought on the first day, held until that path's "
        "money is in hand, free of "
        "cost.",
        "每一列的基準：第一天買進自己的幣，持有到該路徑取得全部現金為止，不計費用。",
    ),
    "run.control": (
        "Differences to it are control-variate means: what the paths' prices did beyond their known mean is taken out. "
        "The other means are as the paths came out.",
        "與基準的差額是控制變量平均：已去除路徑價格偏離其已知平均的部分。其他平均則依路徑原本的結果。",
    ),
    "run.benchmark": ("Benchmark of each row: {benchmark}.", "每一列的基準：{benchmark}。"),
    "run.risk_free": ("Risk-free rate {rate} a year.", "無風險利率每年 {rate}。"),
    "run.risk_free_and_holding": (
        "Risk-free rate {rate} a year. Holding a coin free of cost returned on average: {coins}.",
        "無風險利率每年 {rate}。不計費用持有各幣的平均報酬：{coins}。",
    ),
    "run.oldest": (
        "Only the first {n:,} of {available:,} windows were run: the oldest.",
        "{available:,} 段中只計算了最早的 {n:,} 段。",
    ),
    "run.bare": (
        "No failure is modelled for {products}: neither slashing nor default nor exploit can strike them.",
        "{products} 沒有設定失敗事件：不會發生罰沒、違約或漏洞攻擊。",
    ),
    "run.hazard": ("{event}: hazard {hazard:g} a year, by the product", "{event}：每年危險率 {hazard:g}，由產品設定"),
    "row.payout": (
        "{product}: paid out {share} of the contract's price after running costs, on average: {net} net of that price.",
        "{product}：扣除營運成本後平均付回合約價款的 {share}，減去價款後為 {net}。",
    ),
    "row.wait": (
        "{product}: in hand {days:.3g} days after the exit on average. The wait gained a holder of {coin} {gain} "
        "({error}) against a sale at the exit.",
        "{product}：平均在退出後 {days:.3g} 天取得現金。與退出時立即賣出相比，等待使 {coin} 持有人的報酬變動 {gain}"
        "（{error}）。",
    ),
    "row.wait_where_out": (
        "{product}: in hand {days:.3g} days after the exit on average over the paths that are out. The wait gained a "
        "holder of {coin} {gain} ({error}) against a sale at the exit.",
        "{product}：在已取回的路徑上，平均在退出後 {days:.3g} 天取得現金。與退出時立即賣出相比，等待使 {coin} "
        "持有人的報酬變動 {gain}（{error}）。",
    ),
    "row.earns_after": (
        "{product}: earns for {days:.3g} days after the exit on average, which its year in coins includes.",
        "{product}：退出後平均仍計酬 {days:.3g} 天，已算入其每年的幣收益率。",
    ),
    "row.no_exit": (
        "{product}: cannot be left before its term ends; money comes with its pay-outs.",
        "{product}：期滿前不能退出；現金隨配發取得。",
    ),
    "row.never_paid_out": (
        "{product}: the coins mined never reach the smallest pay-out on {share} of the paths, and are lost.",
        "{product}：{share} 的路徑上，挖到的幣從未達到最低付款額，全部損失。",
    ),
    "row.unsettled": (
        "{product}: not out by the last day on {share} of the paths, valued at market.",
        "{product}：{share} 的路徑到最後一天仍未全部取回，以市價計。",
    ),
    "row.infeasible": (
        "{product}: could not be opened with this capital on {share} of the paths, where nothing "
        "was at work; its rates "
        "in coins are of the others.",
        "{product}：在 {share} 的路徑上，這筆本金不足以開始，資金閒置；幣收益率只計其餘路徑。",
    ),
    # reasons for rows left out
    "rank.shortfall": ("ES {level} of {es:.2%} is above {bound:.2%}", "預期短缺 {level} 為 {es:.2%}，高於 {bound:.2%}"),
    "rank.days": (
        "{days:g} days to cash at {level}, more than {bound:g}",
        "{level} 的取現天數為 {days:g}，超過 {bound:g}",
    ),
    "rank.never": (
        "not all out by the last day at {level}, more than {bound:g}",
        "{level} 的路徑中，到最後一天仍未全部取回，超過 {bound:g} 天",
    ),
    "rank.cannot_open": (
        "{money} {numeraire} cannot open it on {share:.2%} of the paths",
        "在 {share:.2%} 的路徑上，{money} {numeraire} 不足以開始",
    ),
    "rank.not_opened": (
        "this run did not open it on {share:.2%} of the paths; run it with {money}",
        "這次計算在 {share:.2%} 的路徑上沒有開始；請以 {money} 重新計算",
    ),
    "rank.reasons": ("{reasons:;}", "{reasons:;}"),
    "skipped.needs": (
        "needs {factors}, which {scenario} does not give",
        "需要 {factors}，而 {scenario} 沒有提供",
    ),
    "skipped.not_built_in": ("needs {factors:&}, not in the built-in scenario", "需要 {factors:&}，內建情境沒有提供"),
    "skipped.history": ("needs {options:&}", "需要 {options:&}"),
    "skipped.option_or": ("{option} (or {other})", "{option}（或 {other}）"),
}
