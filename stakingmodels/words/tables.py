"""Words for tables: titles, columns, cells, and notes under them."""

WORDS = {
    # of several tables
    "column.product": ("product", "產品"),
    "column.coin": ("coin", "幣"),
    "column.mean": ("mean", "平均"),
    "column.median": ("median", "中位數"),
    "class": ("{name}", "{label}（{name}）"),
    "cell.skipped": ("left out: {why}", "未納入：{why}"),
    "cell.not_opened": ("not opened", "未開始"),
    "cell.no_loss": ("no loss", "無損失"),
    "cell.no_exit": ("{days}, no exit", "{days}，不能提前退出"),
    "cell.part_of_loss": ("{line} {share:.0%}", "{line} {share:.0%}"),
    "cell.several": ("{parts}", "{parts}"),
    "cell.several_coins": ("several", "多種"),
    "own_coin": ("own coin", "自己的幣"),
    "cash": ("cash", "現金"),
    # Comparison
    "compare.title": (
        "{capital} {money}{start} for {days:g} days{tail}",
        "{start}{capital} {money}，持有 {days:g} 天{tail}",
    ),
    "compare.title.start": (" put in on {day}", "{day} 投入 "),
    "compare.title.tail": (", then up to {days:g} to get the money out", "，之後至多 {days:g} 天取回現金"),
    "compare.returns": ("Return in {money}", "以 {money} 計的報酬"),
    "compare.risks": ("Rewards, costs and risk", "獎勵、成本與風險"),
    "compare.column.low": ("5% end below", "第 5 百分位"),
    "compare.column.high": ("5% end above", "第 95 百分位"),
    "compare.column.versus": ("vs {benchmark} (s.e.)", "對{benchmark}（標準誤）"),
    "compare.column.versus_row": ("vs {benchmark} (s.e.)", "對 {benchmark}（標準誤）"),
    "compare.column.effective": ("eff. N", "有效路徑數"),
    "compare.column.gross": ("gross", "毛收益率"),
    "compare.column.no_event": ("no event", "無事件"),
    "compare.column.net": ("net", "淨收益率"),
    "compare.column.cost": ("cost", "成本"),
    "compare.column.loss_probability": ("P(loss)", "虧損機率"),
    "compare.column.var": ("VaR {level}", "風險值 {level}"),
    "compare.column.es": ("ES {level}", "預期短缺 {level}"),
    "compare.column.worst": ("worst {rest} lost by", "最差 {rest} 的損失原因"),
    "compare.column.days": ("days to cash", "取現天數"),
    "ladder.title": (
        "Share of the money put in that is back after the exit, on {level} of the paths at least",
        "退出之後已取回的比例（至少 {level} 的路徑達到）",
    ),
    "ladder.day": ("1 day", "1 天"),
    "ladder.days": ("{days} days", "{days} 天"),
    # ControlVariateMeans
    "betas.title": ("Beta to the coin's price", "對幣價的貝他"),
    "betas.column.beta": ("beta", "貝他"),
    "betas.column.standard_error": ("s.e.", "標準誤"),
    "betas.column.r_squared": ("R²", "判定係數 R²"),
    "betas.column.downside_beta": ("if it fell", "下跌時"),
    "betas.note": (
        "beta: slope of the product's return on that of holding its coin, path by path; 1 moves as the coin does. R²: "
        "share of its variance that the coin explains. if it fell: the slope on the paths on which the coin lost.",
        "貝他：逐條路徑，產品報酬對持有該幣報酬的斜率；1 表示與幣同步。R²：變異中由幣價解釋的比例。"
        "下跌時：只看幣價下跌的路徑。",
    ),
    "controlled.title": ("Mean return with holding as control", "以持有為控制變量的平均報酬"),
    "controlled.column.plain": ("mean (s.e.)", "平均（標準誤）"),
    "controlled.column.controlled": ("with control (s.e.)", "控制後（標準誤）"),
    "controlled.column.beta": ("beta", "係數"),
    "controlled.column.cut": ("cut", "縮小倍數"),
    "controlled.note": (
        "Control of each row: a unit of money in its own coin until the day on which the row was out, over what the "
        "scenario expects of it by then; its mean is exactly 1. beta: how the return moves with it. cut: how many "
        "times smaller it makes the standard error.",
        "每一列的控制變量：投入自己的幣的一單位金額，持有到該列全部取回的那一天，除以情境對它的期望值；其平均恰為 1。"
        "係數：報酬隨它變動的程度。縮小倍數：標準誤縮小為幾分之一。",
    ),
    "controlled.none": (
        "{product}: has no control: its coin does not move, or the scenario does not know how its mean grows.",
        "{product}：沒有控制變量：它的幣不會變動，或情境不知道它的平均如何成長。",
    ),
    # Backtest
    "backtest.title": (
        "Windows of {days} days{tail}, started {first} to {last}; band {low:.0%} to {high:.0%}, "
        "so {share:.0%} expected",
        "每段 {days} 天{tail}，起始於 {first} 至 {last}；區間 {low:.0%} 到 {high:.0%}，預期涵蓋 {share:.0%}",
    ),
    "backtest.title.tail": (" and {days} for queues", "，另 {days} 天供排隊"),
    "backtest.measured": (
        "Measured on {days} days before each start; {paths:,} paths a window, seed {seed}",
        "以每個起始日之前 {days} 天的資料估計；每段 {paths:,} 條路徑，種子 {seed}",
    ),
    "backtest.measured_on_all": (
        "Measured on all days before each start; {paths:,} paths a window, seed {seed}",
        "以每個起始日之前的全部資料估計；每段 {paths:,} 條路徑，種子 {seed}",
    ),
    "backtest.titles": ("{title}\n{measured}", "{title}\n{measured}"),
    "backtest.column.n_windows": ("windows", "段數"),
    "backtest.column.n_inside": ("inside", "之內"),
    "backtest.column.n_below": ("below", "低於"),
    "backtest.column.n_above": ("above", "高於"),
    "backtest.column.share": ("share", "涵蓋率"),
    "backtest.column.interval": ("95% interval", "95% 信賴區間"),
    "backtest.column.ranks": ("ranks by fifths", "排名（五等分）"),
    "backtest.interval": ("{low:.1%} to {high:.1%}", "{low:.1%} 到 {high:.1%}"),
    "backtest.skipped": (
        "left out of {n} window started {first} to {last}: {why}",
        "未納入起始於 {first} 至 {last} 的 {n} 段：{why}",
    ),
    "backtest.skipped_of_several": (
        "left out of {n} windows started {first} to {last}: {why}",
        "未納入起始於 {first} 至 {last} 的 {n} 段：{why}",
    ),
    "backtest.recorded": ("{factor} is recorded from {first} to {last}", "{factor} 只有 {first} 至 {last} 的記錄"),
    # Quote
    "quote.title": (
        "{product}: {capital:,.2f} {money}, market standing still",
        "{product}：{capital:,.2f} {money}，市場靜止不動",
    ),
    "quote.column.line": ("line", "項目"),
    "quote.column.money": ("money", "金額"),
    "quote.column.share": ("of capital", "占本金"),
    "quote.column.year": ("a year", "每年"),
    "quote.gross": ("gross", "毛收益"),
    "quote.net": ("net", "淨收益"),
    "quote.left_over": (
        "{left:,.2f} {money} of the capital buy no hash rate, and stay cash",
        "本金中有 {left:,.2f} {money} 未用於購買算力，仍為現金",
    ),
    "quote.never_paid_out": (
        "the coins mined never reach the smallest pay-out, and are lost",
        "挖到的幣從未達到最低付款額，全部損失",
    ),
    "quote.waiting": (
        "not all out {days:g} days after the exit, when the run ends; what is not is valued at market, a mining "
        "contract at the part of its price not yet written down",
        "退出 {days:g} 天後計算結束時尚未全部取回；其餘以市價計，挖礦合約以尚未攤銷的價款計",
    ),
    # Fit
    "fit.title": ("Fitted to {first} to {last}", "以 {first} 至 {last} 的資料擬合"),
    "fit.column.of": ("of", "對象"),
    "fit.column.parameter": ("parameter", "參數"),
    "fit.column.value": ("value", "估計值"),
    "fit.column.error": ("standard error", "標準誤"),
    "fit.column.fit": ("fit", "擬合程度"),
    "fit.jumps": ("jumps", "跳躍"),
    "fit.volatility": ("volatility a year", "年波動度"),
    "fit.trend": ("trend of the log", "對數趨勢"),
    "fit.correlation": ("correlation", "相關係數"),
    "fit.calm_volatility": ("volatility between jumps", "跳躍之間的波動度"),
    "fit.jump_intensity": ("jumps a year", "每年跳躍次數"),
    "fit.log_jump_mean": ("mean of a jump", "跳躍的平均"),
    "fit.log_jump_volatility": ("deviation of a jump", "跳躍的標準差"),
    "fit.common_share": ("common share", "同時發生的比例"),
    "fit.size_correlation": ("correlation of sizes", "幅度的相關係數"),
    "fit.mean": ("mean", "平均"),
    "fit.deviation": ("deviation", "標準差"),
    "fit.half_life": ("half-life in days", "半衰期（天）"),
    "fit.elasticity": ("elasticity to price", "對價格的彈性"),
    "fit.lag": ("at a lag of {months} months", "落後 {months} 個月"),
    "fit.growth": ("growth at a still price", "價格不變時的成長"),
    "fit.of_diffusion": (
        "excess kurtosis {kurtosis:.1f}, distance {distance:.3f}, {changes} changes",
        "超額峰度 {kurtosis:.1f}，距離 {distance:.3f}，{changes} 個變動",
    ),
    "fit.of_jumps": (
        "excess kurtosis {kurtosis:.1f}, distance {distance:.3f}",
        "超額峰度 {kurtosis:.1f}，距離 {distance:.3f}",
    ),
    "fit.found": (
        "{count} found, {expected_false_jumps:.1f} by chance",
        "找到 {count} 次，其中 {expected_false_jumps:.1f} 次出於偶然",
    ),
    "fit.of_reversion": (
        "R squared {r_squared:.3f} over {lags} lags, noise {noise:.0%} of the variance",
        "R 平方 {r_squared:.3f}（{lags} 個落後期），雜訊占變異數 {noise:.0%}",
    ),
    "fit.of_response": ("R squared {r_squared:.3f}, {months} months", "R 平方 {r_squared:.3f}，{months} 個月"),
}
