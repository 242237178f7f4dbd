"""Words for notes of scenarios and of the reading of files."""

WORDS = {
    # notes of scenarios
    "note.correlation": ("correlation {one}, {other}: {rho:.4f}", "{one} 與 {other} 的相關係數：{rho:.4f}"),
    "note.growth": ("mean growth {mean:+z.2%} APY", "平均成長 {mean:+z.2%} APY"),
    "note.growth_and_median": (
        "mean growth {mean:+z.2%} APY, median {median:+z.2%} APY",
        "平均成長 {mean:+z.2%} APY，中位數 {median:+z.2%} APY",
    ),
    "note.lognormal": (
        "{factor} lognormal: start {start:g}, volatility {volatility:.2%} a year, {growth}",
        "{factor} 對數常態：起點 {start:g}，年波動度 {volatility:.2%}，{growth}",
    ),
    "note.jump_diffusion": (
        "{factor} jump diffusion: start {start:g}, volatility {volatility:.2%} a year, {growth}, "
        "{jumps:g} jumps a year "
        "of log mean {mean:g} and deviation {deviation:g}",
        "{factor} 跳躍擴散：起點 {start:g}，年波動度 {volatility:.2%}，{growth}，每年 {jumps:g} "
        "次跳躍，對數平均 {mean:g}、"
        "標準差 {deviation:g}",
    ),
    "note.common_jumps": (
        "{share:.0%} of jumps at common times, sizes correlated {rho:g}",
        "{share:.0%} 的跳躍同時發生，幅度相關係數 {rho:g}",
    ),
    "note.regimes": (
        "{factor} in regimes: start {start:g}, {regimes:,}",
        "{factor} 區間切換：起點 {start:g}，{regimes:,}",
    ),
    "note.regime": (
        "{regime} volatility {volatility:.2%} a year and {growth}",
        "{regime} 年波動度 {volatility:.2%}、{growth}",
    ),
    "note.switch": ("{old} to {new}: {rate:g} times a year", "{old} 轉為 {new}：每年 {rate:g} 次"),
    "note.reverting": ("{factor} mean-reverting: {law}", "{factor} 均值回歸：{law}"),
    "note.log_reversion": (
        "start {start:g}, mean {mean:g}, log deviation {deviation:g}, half-life {half_life:g} days",
        "起點 {start:g}，平均 {mean:g}，對數標準差 {deviation:g}，半衰期 {half_life:g} 天",
    ),
    "note.ratio_reversion": (
        "{factor} mean-reverting: start {start:g}, mean {mean:g}, deviation {deviation:.2%}, "
        "half-life {half_life:g} days",
        "{factor} 均值回歸：起點 {start:g}，平均 {mean:g}，標準差 {deviation:.2%}，半衰期 {half_life:g} 天",
    ),
    "note.jumping_peg": (
        "{factor} mean-reverting with jumps: start {start:g}, mean {mean:g}, deviation {deviation:.2%}, half-life "
        "{half_life:g} days, {jumps:g} jumps a year of log mean {log_jump_mean:g} and deviation "
        "{log_jump_volatility:g}",
        "{factor} 帶跳躍的均值回歸：起點 {start:g}，平均 {mean:g}，標準差 {deviation:.2%}，半衰期 "
        "{half_life:g} 天，每年 "
        "{jumps:g} 次跳躍，對數平均 {log_jump_mean:g}、標準差 {log_jump_volatility:g}",
    ),
    "note.crash_jumps": (
        "{factor}: {jumps:g} jumps a year while {crash}",
        "{factor}：{crash}期間，每年 {jumps:g} 次跳躍",
    ),
    "note.closed": (
        "{factor}: redemption closed: jumps {depth:g} times as deep, half-life {half_life:g} days",
        "{factor}：贖回關閉：跳躍幅度為 {depth:g} 倍，半衰期 {half_life:g} 天",
    ),
    "note.closed_until": (
        "{factor}: redemption closed until {until}: jumps {depth:g} times as deep, half-life {half_life:g} days",
        "{factor}：贖回關閉至 {until}：跳躍幅度為 {depth:g} 倍，半衰期 {half_life:g} 天",
    ),
    "note.crash": (
        "{price} more than {fall:.0%} below its high of {days:g} days",
        "{price} 比最近 {days:g} 天的高點低 {fall:.0%} 以上",
    ),
    "note.constant": ("{factor} constant at {value}", "{factor} 固定為 {value}"),
    "note.constant_rate": (
        "{factor} constant at {rate:.2%} a year ({kind})",
        "{factor} 固定為每年 {rate:.2%}（{kind}）",
    ),
    "note.hazard": ("{event}: hazard {hazard:,}", "{event}：{hazard:,}"),
    "note.hazard.rate": ("{rate:g} a year", "每年危險率 {rate:g}"),
    "note.hazard.from": ("{rate:g} a year from day {day:g}", "第 {day:g} 天起每年危險率 {rate:g}"),
    "note.contagion": (
        "{event}: {hazard:g} a year more while {crash}",
        "{event}：{crash}期間，每年危險率增加 {hazard:g}",
    ),
    "note.shared": ("{events}: struck together, hazard {hazard:,}", "{events}：同時發生，{hazard:,}"),
    "note.copula": ("copula: Gaussian", "關聯結構：高斯"),
    "note.copula_t": ("copula: t with {degrees} degrees of freedom", "關聯結構：自由度 {degrees} 的 t"),
    "note.shock": ("{factors} {change:+z.2%} {when:,}", "{factors} {change:+z.2%}，{when:,}"),
    "note.on_day": ("on day {day:g}", "第 {day:g} 天"),
    "note.from_day_to": ("from day {day:g} to {until:g}", "第 {day:g} 到 {until:g} 天"),
    "note.half_gone": ("half of it gone in {days:g} days", "{days:g} 天後恢復一半"),
    "note.struck": ("{events} on day {day:g}", "{events}，第 {day:g} 天"),
    "note.set": ("{factor} at {level:g} from day {day:g}", "{factor} 第 {day:g} 天起固定為 {level:g}"),
    "note.set_until": (
        "{factor} at {level:g} from day {day:g} to {until:g}",
        "{factor} 第 {day:g} 到 {until:g} 天固定為 {level:g}",
    ),
    "note.hashrate": (
        "{factor} follows hashprice: elasticity {elasticity:g}, half-life {half_life:g} days, volatility "
        "{volatility:.2%}, breakeven {breakeven:g} per PH/s and day, {growth}",
        "{factor} 隨算力價格變動：彈性 {elasticity:g}，半衰期 {half_life:g} 天，波動度 "
        "{volatility:.2%}，損益兩平點為每 PH/s "
        "每天 {breakeven:g}，{growth}",
    ),
    "note.retarget": (
        "{factor} by the retarget every 2,016 blocks: start {start:g} at height {height:,}",
        "{factor} 每 2,016 個區塊調整一次：起點 {start:g}，區塊高度 {height:,}",
    ),
    "note.staked": (
        "{factor} answers to yield: start {start:g} of {supply:g} ETH, elasticity {elasticity:g}, half-life "
        "{half_life:g} days, volatility {volatility:.2%}",
        "{factor} 隨收益率變動：起點 {start:g}（總供給 {supply:g} ETH），彈性 {elasticity:g}，半衰期 {half_life:g} 天，"
        "波動度 {volatility:.2%}",
    ),
    "note.staking_rules": (
        "{factor} by the rules of {rules}, {reward:.2%} at the opening, participation {participation:.2%}, performance "
        "{performance:.2%}",
        "{factor} 依 {rules} 的規則，起始為 {reward:.2%}，參與率 {participation:.2%}，表現 {performance:.2%}",
    ),
    "note.execution": (
        "{factor} in ETH a day of the network: {law}",
        "{factor}，全網每天的 ETH：{law}",
    ),
    "note.waits": (
        "waits of {asset} drawn for each path, one pair from {cells} cells: to come in {entry:.3g} days on average, to "
        "leave {leave:.3g}",
        "每條路徑從 {cells} 格中抽取一組 {asset} 的排隊天數：進入平均 {entry:.3g} 天，離開平均 {leave:.3g} 天",
    ),
    "note.waits_of_record": (
        "waits of {asset} drawn for each path, one pair from {cells} cells: to come in {entry:.3g} days on average, to "
        "leave {leave:.3g}, {source}",
        "每條路徑從 {cells} 格中抽取一組 {asset} 的排隊天數：進入平均 {entry:.3g} 天，離開平均 "
        "{leave:.3g} 天，{source}",
    ),
    "note.reward_by_rule": (
        "reward of {coin}: {rate:.2%} APR by the chain's rule at its stake of {day}",
        "{coin} 的獎勵：依鏈上規則與 {day} 的質押量為 {rate:.2%} APR",
    ),
    "note.opens_at_last": (
        "{factor} opens at its last recorded close, of {day}",
        "{factor} 以最後一筆收盤價（{day}）為起始價",
    ),
    "note.waits_source": (
        "from the days of {first} to {last}, partly later than the scenario",
        "取自 {first} 至 {last} 的記錄，其中一部分晚於情境的日期",
    ),
    "note.record": ("{factor} from {file}, {first} to {last}{how}", "{factor} 取自 {file}，{first} 至 {last}{how}"),
    "note.rescaled": (", levels rescaled to one opening", "，水準縮放為相同的起點"),
    "note.as_recorded": (
        ", levels as recorded: terms in money meet the prices of each window's own time",
        "，水準按記錄：以錢計的條款適用各段當時的價格",
    ),
    "note.read_as": ("{record}; {remarks:;}", "{record}；{remarks:;}"),
    "note.filled": (
        "{filled} of {days} days ({share:.1%}) filled with the day before",
        "{days} 天中有 {filled} 天（{share:.1%}）以前一天補上",
    ),
    "note.blocks": (
        "blocks of {days:g} days on average drawn from {first} to {last}",
        "從 {first} 至 {last} 抽取平均 {days:g} 天的區塊",
    ),
    "note.drift": ("{factor}: {growth}", "{factor}：{growth}"),
    "note.drift_as_recorded": ("{factor} as recorded: {growth}", "{factor} 按記錄：{growth}"),
    "note.no_drift": (
        "prices do not drift and cash earns nothing, by convention: what pays a reward beats cash on average",
        "依慣例，價格沒有漂移，現金沒有利息：因此有獎勵的產品平均勝過現金",
    ),
    "note.cash_drift": (
        "prices drift at the cash rate of {rate:.2%} {kind}, by convention: what pays a reward beats cash on average",
        "依慣例，價格以現金利率 {rate:.2%} {kind} 漂移：因此有獎勵的產品平均勝過現金",
    ),
    "note.opens_as_given": (
        "opens on {day}, all levels as given; rewards, fees, queues and peg are of {start}",
        "於 {day} 開始，水準全部依所給的值；獎勵、手續費、佇列與錨定為 {start} 的數字",
    ),
    "note.opens_grown": (
        "opens on {day}, {factors} grown to it from {start}; rewards, fees, queues and peg are of {start}",
        "於 {day} 開始，{factors} 從 {start} 成長至此；獎勵、手續費、佇列與錨定為 {start} 的數字",
    ),
    # reading of files
    "file.zone": ("days of {zone}, not of UTC", "日期為 {zone} 時區，不是 UTC"),
    "file.running": (
        "without the row of {time}, when that day still ran",
        "不含 {time} 的一列，當天尚未結束",
    ),
    "file.shifted": ("shifted by {days:+d} days", "日期移動 {days:+d} 天"),
    "file.row_is_day": ("row d is day d", "第 d 日的列屬於第 d 日"),
    "file.row_is_day_of": ("row d is day d{days:+d}", "第 d 日的列屬於第 d{days:+d} 日"),
    "file.row_until": (
        "{before} before {since}, {after} from then on",
        "{since} 之前{before}，之後{after}",
    ),
    "file.maker": ("as {maker}", "依 {maker} 的格式"),
    "file.unit": ("in {unit}", "單位 {unit}"),
    "file.retarget_rows": ("a row for each retarget", "每次難度調整一列"),
    "file.after_fee": ("after Lido's fee", "已扣除 Lido 的費用"),
    "file.apy_as_called": (
        "read as APY, as it is called; those of stETH and rETH are APRs",
        "依其名稱讀為 APY；stETH 與 rETH 的則是 APR",
    ),
    "file.running_day": ("the newest row may be of the running day", "最新一列可能屬於尚未結束的一天"),
    "file.smoothed": ("each value is the mean of 7 days", "每個值是 7 天的平均"),
    # remarks on a run's scenario
    "world.far_after": (
        "the grid begins on {start}, {years:.1f} years after {day}, the day for which the numbers of this scenario "
        "hold: prices, difficulty, rewards and queues are of then",
        "格點始於 {start}，比情境數字所屬的 {day} 晚 {years:.1f} 年：價格、難度、獎勵與佇列都是那時的",
    ),
    "world.far_before": (
        "the grid begins on {start}, {years:.1f} years before {day}, the day for which the numbers of this scenario "
        "hold: prices, difficulty, rewards and queues are of then",
        "格點始於 {start}，比情境數字所屬的 {day} 早 {years:.1f} 年：價格、難度、獎勵與佇列都是那時的",
    ),
    "world.no_product": ("{event} hits no product: {carried}", "{event} 不影響任何產品：{carried}"),
    "world.strikes_no_product": (
        "{event} strikes in this scenario but hits no product: {carried}",
        "{event} 在這個情境發生，但不影響任何產品：{carried}",
    ),
    "world.strikes_other": (
        "{event} strikes in this scenario but hits no product: {carried} ({near}; stress(..., events=...) takes "
        "another)",
        "{event} 在這個情境發生，但不影響任何產品：{carried}（{near}；stress(..., events=...) 可以改用別的事件）",
    ),
    "world.added_near": (
        "{event} hits no product with what crashes add: {carried} ({near})",
        "崩跌使 {event} 增加的危險率不影響任何產品：{carried}（{near}）",
    ),
    "world.added": (
        "{events}: what crashes add hits no product: {carried}",
        "{events}：崩跌增加的危險率不影響任何產品：{carried}",
    ),
    "world.unfelt": (
        "{shock} hits no product: none reads {factors}",
        "{shock} 不影響任何產品：沒有產品讀取 {factors}",
    ),
    "world.near": ('did you mean Event("{name}")?', '是不是指 Event("{name}")？'),
    "world.carry": ("they carry {events}", "產品帶有 {events}"),
    "world.carry_none": ("none carries an event", "沒有產品帶有事件"),
    "world.listed": ("{events}", "{events}"),
    "world.and_more": ("{events} and {more} more", "{events} 等，另有 {more} 個"),
}
