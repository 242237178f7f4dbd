"""Words for pictures: titles, axes with their units, marks, and the sentences that stand for them."""

WORDS = {
    "plot.axis": ("{quantity} ({unit})", "{quantity}（{unit}）"),
    "plot.alt": ("{title}. {figures:;}.", "{title}。{figures:;}。"),
    "plot.named": ("{name}: {figures}", "{name}：{figures}"),
    # units
    "plot.unit.percent": ("%", "%"),
    "plot.unit.percent_a_year": ("% a year", "每年 %"),
    "plot.unit.percent_of_paths": ("% of the paths", "路徑的 %"),
    "plot.unit.percent_put_in": ("% of the money put in", "投入金額的 %"),
    "plot.unit.money": ("{money}", "{money}"),
    "plot.unit.days": ("days from the opening", "自開始起的天數"),
    # ranges of the answer
    "plot.ranges.title": (
        "Coins gained a year against just holding the coin: as assumed, and if all assumptions are bad or good",
        "與只持有幣相比，每年多得的幣：依假設，以及所有假設全壞到全好",
    ),
    "plot.ranges.versus": (
        "Coins gained a year against {other}: as assumed, and if all assumptions are bad or good",
        "與 {other} 相比，每年多得的幣：依假設，以及所有假設全壞到全好",
    ),
    "plot.ranges.axis": ("average change in coins", "幣數的平均變動"),
    "plot.ranges.cell": ("{low} … {base} … {high}", "{low} … {base} … {high}"),
    "plot.ranges.alt": ("{low} to {high}, as assumed {base}", "{low} 到 {high}，依假設為 {base}"),
    "plot.ranges.range": ("all bad to all good", "全壞到全好"),
    "plot.ranges.base": ("as assumed", "依假設"),
    "plot.ranges.flip": ("level with it at one number alone", "單一數字使兩者相等"),
    "plot.ranges.flip_at": ("level at {number} of {value}", "{number}的打平點：{value}"),
    "plot.ranges.more": ("and {n} more", "另有 {n} 項"),
    # waterfall
    "plot.waterfall.quote": (
        "{product}, {capital} {money} put in, market standing still: from gross to net",
        "{product}，投入 {capital} {money}，市場靜止不動：從毛收益到淨收益",
    ),
    "plot.waterfall.outcome": (
        "{product}, {capital} {money} put in, mean of {n:,} paths: from gross to net",
        "{product}，投入 {capital} {money}，{n:,} 條路徑平均：從毛收益到淨收益",
    ),
    "plot.waterfall.axis": ("profit", "損益"),
    "plot.waterfall.cell": ("{amount} ({share})", "{amount}（{share}）"),
    # distribution
    "plot.distribution.title": (
        "Return in {money} over {n:,} paths, with what is lost on the worst ones",
        "{n:,} 條路徑以 {money} 計的報酬率，以及最差路徑的損失",
    ),
    "plot.distribution.axis": ("return", "報酬率"),
    "plot.distribution.share": ("paths in each step of {step}", "每 {step} 一格的路徑"),
    "plot.distribution.var": (
        "VaR {level}: lost no more on {level} of the paths",
        "風險值 {level}：{level} 的路徑損失不超過此",
    ),
    "plot.distribution.es": ("ES {level}: mean of the worst {rest}", "預期短缺 {level}：最差 {rest} 的平均"),
    "plot.distribution.certain": ("{name}: {value} on every path", "{name}：每條路徑都是 {value}"),
    "plot.distribution.narrow": (
        "{name}: {least} to {most} on every path",
        "{name}：每條路徑都在 {least} 到 {most} 之間",
    ),
    "plot.distribution.beyond": (
        "above {end}: {share} of the paths of {name}, and no more of the others",
        "高於 {end}：{name} 有 {share} 的路徑，其他的不高於此",
    ),
    "plot.distribution.alt": ("VaR {level} {var}, ES {level} {es}", "風險值 {level} {var}，預期短缺 {level} {es}"),
    # fan
    "plot.fan.title": (
        "Value of {product} in {money}, {capital} put in, over {n:,} paths",
        "{product}以 {money} 計的價值，投入 {capital}，{n:,} 條路徑",
    ),
    "plot.fan.axis": ("value", "價值"),
    "plot.day": ("time", "時間"),
    "plot.fan.band": ("{low} to {high} of the paths", "路徑的 {low} 到 {high}"),
    "plot.fan.median": ("half of the paths below", "一半的路徑低於此"),
    "plot.fan.one": ("the one path", "唯一的路徑"),
    "plot.fan.recorded": ("as recorded", "依記錄"),
    "plot.fan.put_in": ("put in", "投入"),
    "plot.fan.exit": ("asks to leave", "要求退出"),
    "plot.exit.alt": ("the holder asks to leave on day {day:,g}", "第 {day:,g} 天要求退出"),
    "plot.fan.alt": (
        "on day {day:,g} half of the paths are below {middle}, {low} of them below {bottom} and {rest} above {top}",
        "第 {day:,g} 天一半的路徑低於 {middle}，{low} 低於 {bottom}，{rest} 高於 {top}",
    ),
    # loss by cause
    "plot.loss.title.holding": (
        "Shortfall against holding the coin, mean of the worst {rest} of the paths, by cause",
        "與持有該幣相比的短缺，最差 {rest} 路徑的平均，依原因",
    ),
    "plot.loss.title.money": (
        "Loss in {money}, mean of the worst {rest} of the paths (ES {level}), by cause",
        "以 {money} 計的損失，最差 {rest} 路徑的平均（預期短缺 {level}），依原因",
    ),
    "plot.loss.axis": ("loss, gains to the left", "損失，左側為收益"),
    # money back
    "plot.back.title": (
        "Money back by day: share of the money put in that half of the paths have reached",
        "到每一天為止取回的錢：一半的路徑已達到的投入比例",
    ),
    "plot.back.title.level": (
        "Money back by day: share of the money put in that {level} of the paths have reached",
        "到每一天為止取回的錢：{level} 的路徑已達到的投入比例",
    ),
    "plot.back.axis": ("money back", "已取回"),
    "plot.back.alt": (
        "{first} on day {day:,g} and {last} on day {end:,g}",
        "第 {day:,g} 天 {first}，第 {end:,g} 天 {last}",
    ),
    "plot.back.left_out": (
        'Without: {names} (no dated flows kept; keep="flows")',
        '未列入：{names}（未保留各日現金流；keep="flows"）',
    ),
    # risk against return
    "plot.risk.title": (
        "Mean return in {money} against the mean loss of the worst {rest} of the paths",
        "以 {money} 計的平均報酬率，對照最差 {rest} 路徑的平均損失",
    ),
    "plot.risk.axis": ("expected shortfall {level}", "預期短缺 {level}"),
    "plot.risk.mean": ("mean return", "平均報酬率"),
    "plot.risk.alt": ("mean {mean}, expected shortfall {loss}", "平均 {mean}，預期短缺 {loss}"),
    # views of prices
    "plot.views.title": (
        "Money at the end of {capital} {money}, if the coin's price changes so: mean; thin lines begin where 1 path in "
        "20 ends lower",
        "投入 {capital} {money}，幣價如此變動時的期末金額：平均；細線起點為 20 條路徑中有 1 條更低之處",
    ),
    "plot.views.axis": ("money at the end", "期末金額"),
    # reward against stake and amount
    "plot.unit.million_coins": ("million {coin}", "百萬 {coin}"),
    "plot.unit.coins": ("{coin}", "枚 {coin}"),
    "plot.stake.title": (
        "Yearly reward of {coin} by the coins that the whole chain stakes, all else as on {day}",
        "{coin} 的年獎勵，依全鏈質押的幣數；其餘同 {day}",
    ),
    "plot.stake.axis": ("staked on the whole chain", "全鏈質押"),
    "plot.stake.reward": ("reward", "獎勵"),
    "plot.stake.gross": ("reward, before commissions", "獎勵，扣佣金前"),
    "plot.stake.left": ("less the growth of the supply", "扣除供給成長後"),
    "plot.stake.amount": ("{amount} {unit}", "質押 {amount} {unit}"),
    "plot.stake.day": (
        "{day}: {staked} staked, {reward}; less the growth {left}",
        "{day}：{staked}，{reward}，扣除後 {left}",
    ),
    "plot.stake.share": ("that is {share} of the supply", "即供給的 {share}"),
    "plot.stake.at": ("with {staked} it would be {reward}", "若{staked}，則為 {reward}"),
    "plot.amount.title": (
        "Net yearly reward in coins by the amount put in, the market of {day} standing still, without loss events",
        "以幣計的年淨獎勵，依投入金額；{day} 的市場靜止不動，無損失事件",
    ),
    "plot.amount.axis": ("put in", "投入"),
    "plot.amount.reward": ("net reward in coins", "以幣計的淨獎勵"),
    "plot.amount.never": ("not opened by any of these amounts", "這些金額都無法開始"),
    "plot.amount.alt": (
        "{first} from {amount} {money} on, {last} at {end} {money}",
        "自 {amount} {money} 起 {first}，{end} {money} 時 {last}",
    ),
    # hash price against cost
    "plot.hashprice.title": (
        "Hash price over {n:,} paths, while the contract's term lasts, against its running cost",
        "合約期間的算力價格（{n:,} 條路徑），對照其營運成本",
    ),
    "plot.hashprice.axis": ("hash price", "算力價格"),
    "plot.unit.usd_per_th": ("USD per TH/s and day", "每 TH/s 每天 USD"),
    "plot.hashprice.cost": (
        "cost of running, with the pool's fee and time offline: {cost}",
        "營運成本，含礦池費與停機：{cost}",
    ),
    "plot.hashprice.stop": (
        "stopped after {days} days of cost above income: {share} of the paths by the end",
        "連續 {days} 天成本高於收入而停止：期末共 {share} 的路徑",
    ),
    "plot.hashprice.stopped": ("{share} stopped", "{share} 已停止"),
    "plot.hashprice.alt": (
        "on day {day:,g} half of the paths are below {middle} USD per TH/s and day, 5% below {low} and 5% above "
        "{high}; the running cost is {cost}",
        "第 {day:,g} 天一半的路徑低於每 TH/s 每天 {middle} USD，5% 低於 {low}，5% 高於 {high}；營運成本為 {cost}",
    ),
    # ratio of a liquid token
    "plot.ratio.title": (
        "Premium (above 0) or discount (below) of {token} against the coins it redeems for, over {n:,} paths",
        "{token} 相對於可贖回幣數的溢價（高於 0）或折價（低於 0），{n:,} 條路徑",
    ),
    "plot.ratio.axis": ("market price against the coins behind it", "市價相對於其背後的幣"),
    "plot.unit.percent_of_coins": ("% of those coins", "佔其幣數 %"),
    "plot.ratio.level": ("as in redemption, one for one", "與贖回相同，一比一"),
    "plot.ratio.alt": (
        "on day {day:,g} half of the paths are below {middle}, 5% below {low} and 5% above {high}",
        "第 {day:,g} 天一半的路徑低於 {middle}，5% 低於 {low}，5% 高於 {high}",
    ),
    # drawdown
    "plot.drawdown.title": (
        "Fall of {product} below its highest value so far, over {n:,} paths",
        "{product}低於當時最高價值的幅度，{n:,} 條路徑",
    ),
    "plot.drawdown.axis": ("below the peak", "低於高點"),
    "plot.drawdown.band": ("95% of the paths no deeper", "95% 的路徑不比此更深"),
    "plot.drawdown.median": ("half of the paths deeper", "一半的路徑更深"),
    "plot.drawdown.alt": (
        "on day {day:,g} half of the paths are {middle} or more below the peak, 5% of them {deep} or more",
        "第 {day:,g} 天一半的路徑低於高點 {middle} 以上，5% 低於 {deep} 以上",
    ),
}
