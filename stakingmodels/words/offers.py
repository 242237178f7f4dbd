"""Words for the check of an offer: grades, bounds, conditions, flags, and its command."""

WORDS: dict[str, tuple[str, str]] = {
    "offers.title": ("Offer ({promises}): {grade}", "報價（{promises}）：{grade}"),
    # grades
    "offers.grade.impossible": ("impossible", "不可能"),
    "offers.grade.only_if": ("only if ...", "有條件才可能"),
    "offers.grade.possible": ("possible", "可能"),
    "offers.grade.untestable": ("not testable from these numbers", "這些數字無從檢驗"),
    # promises
    "offers.promise.none": ("no pay-out promised", "未承諾給付"),
    "offers.promise.hour": ("{share} an hour", "每小時 {share}"),
    "offers.promise.day": ("{share} a day", "每天 {share}"),
    "offers.promise.week": ("{share} a week", "每週 {share}"),
    "offers.promise.month": ("{share} a month", "每月 {share}"),
    "offers.promise.quarter": ("{share} a quarter", "每季 {share}"),
    "offers.promise.year": ("{share} a year", "每年 {share}"),
    "offers.promise.days": ("{share} each {n} days", "每 {n} 天 {share}"),
    "offers.promise.total": ("{times} times the money in {days} days", "{days} 天內為投入的 {times} 倍"),
    # table of bounds
    "offers.column.bound": ("bound", "上限來自"),
    "offers.column.promised": ("promised", "承諾"),
    "offers.column.limit": ("at most", "最多"),
    "offers.column.ratio": ("ratio", "倍數"),
    "offers.column.grade": ("says", "結論"),
    "offers.bound.hash_rate": ("hash rate claimed", "聲稱的算力"),
    "offers.bound.machine": ("cheapest machine", "最便宜的礦機"),
    "offers.bound.rented": ("hash rate rented", "租用算力"),
    "offers.bound.price": ("days of output in the price", "價格等於幾天產出"),
    "offers.bound.network": ("whole network", "整個網路"),
    "offers.bound.coin": ("kind of coin", "幣的種類"),
    "offers.bound.staking": ("the chain's reward", "鏈的獎勵"),
    "offers.bound.stake": ("all stake", "全部質押"),
    "offers.bound.promises": ("its own promises", "自己的承諾"),
    "offers.bound.tiers": ("its own tiers", "自己的級距"),
    "offers.bound.source": ("no bound; best staking", "無上限；最佳質押"),
    "offers.unit.usd_a_day": ("{value} USD a day", "每天 {value} USD"),
    "offers.unit.days": ("{value} days", "{value} 天"),
    "offers.unit.th_s": ("{value} TH/s", "{value} TH/s"),
    "offers.unit.coins": ("{value} coins", "{value} 枚"),
    "offers.unit.of_the_price_a_day": ("{value} of the price a day", "每天為價格的 {value}"),
    "offers.unit.of_the_price": ("{value} of the price", "價格的 {value}"),
    "offers.unit.of_the_stake": ("{value} of the stake", "質押的 {value}"),
    "offers.unit.a_year": ("{value} a year", "每年 {value}"),
    # reasons
    "offers.reason.none": (
        "None of the figures can be held against a bound: no pay-out is promised, or no price beside a hash rate.",
        "沒有數字可以對照上限：未承諾給付，或有算力但沒有價格。",
    ),
    "offers.reason.hash_rate.impossible": (
        "Promised are {promised}; with free power the hash rate claimed pays at most {limit}, {part} of it.",
        "承諾{promised}；即使電費全免，聲稱的算力最多為{limit}，是承諾的 {part}。",
    ),
    "offers.reason.hash_rate.only_if": (
        "Promised are {promised}: more than the hash rate claimed earns now with free power, less than it could "
        "with the best hash price, {limit}.",
        "承諾{promised}：高於聲稱的算力目前在電費全免時的收入，低於最佳算力價格時的{limit}。",
    ),
    "offers.reason.hash_rate.possible": (
        "Promised are {promised}, which the hash rate claimed earns now with free power.",
        "承諾{promised}，聲稱的算力目前在電費全免時可以賺到。",
    ),
    "offers.reason.machine.impossible": (
        "Promised are {promised}; the cheapest machine with free power pays at most {limit}: the promise is "
        "{ratio} times that.",
        "承諾{promised}；最便宜的礦機即使電費全免，最多為{limit}：承諾是它的 {ratio} 倍。",
    ),
    "offers.reason.machine.only_if": (
        "Promised are {promised}: more than an ordinary machine pays after power, {ratio} times what the cheapest "
        "one pays with free power at the best hash price.",
        "承諾{promised}：高於一般礦機扣除電費後的收入，是最便宜的礦機在電費全免、算力價格最佳時的 {ratio} 倍。",
    ),
    "offers.reason.machine.possible": (
        "Promised are {promised}, no more than an ordinary machine pays after power.",
        "承諾{promised}，不超過一般礦機扣除電費後的收入。",
    ),
    "offers.reason.rented.impossible": (
        "Promised are {promised} for the term; hash rate rented for it pays at most {limit}: the promise is "
        "{ratio} times that.",
        "整個期間承諾{promised}；以同一筆錢租用的算力最多為{limit}：承諾是它的 {ratio} 倍。",
    ),
    "offers.reason.rented.only_if": (
        "Promised are {promised} for the term: more than was put in, within what rented hash rate pays if the hash "
        "price rises as it once did, {limit}.",
        "整個期間承諾{promised}：多於投入的錢；若算力價格像紀錄中那樣上漲，租用的算力為{limit}。",
    ),
    "offers.reason.rented.possible": (
        "Promised are {promised} for the term, no more than was put in.",
        "整個期間承諾{promised}，不多於投入的錢。",
    ),
    "offers.reason.price.impossible": (
        "The hash rate earns its price in {promised}: nobody sells it for so little for longer.",
        "這些算力在{promised}就賺回價格：沒有人會以這個價格出售更長的期間。",
    ),
    "offers.reason.price.only_if": (
        "The hash rate earns its price in {promised} at the hash price of now: its seller expects a fall, or pays "
        "from elsewhere.",
        "以目前的算力價格，這些算力在{promised}就賺回價格：賣方預期下跌，或由別處支付。",
    ),
    "offers.reason.price.possible": (
        "At the hash price of now the hash rate earns its price in {promised}, after the running costs told; the "
        "term: {limit}.",
        "以目前的算力價格，扣除所述的營運成本後，這些算力在{promised}賺回價格；期間：{limit}。",
    ),
    "offers.reason.price.loses": (
        "At the hash price of now the hash rate earns its price in {promised}, after the running costs told, and "
        "the term is {limit}: it loses unless that rises.",
        "以目前的算力價格，扣除所述的營運成本後，這些算力在{promised}賺回價格，而期間是{limit}：算力價格不漲就虧損。",
    ),
    "offers.reason.price.never": (
        "At the hash price of now the running costs told are above what the hash rate earns: it loses every day.",
        "以目前的算力價格，所述的營運成本高於這些算力的收入：每天都虧損。",
    ),
    "offers.reason.network": (
        "The hash rate claimed, {promised}, is more than the whole network's {limit}.",
        "聲稱的算力 {promised} 大於整個網路的 {limit}。",
    ),
    "offers.reason.coin": (
        "The coin has no such income: it is not mined.",
        "這種幣沒有這種收入：它不能挖。",
    ),
    "offers.reason.staking.impossible": (
        "Promised are {promised}; the chain pays {limit} before commission ({day}): the promise is {ratio} times "
        "that, and would not be met if half of the stake left, nor by twice the highest rate known.",
        "承諾{promised}；鏈在扣除佣金前為{limit}（{day}）：承諾是它的 {ratio} 倍，"
        "即使一半的質押退出，或以已知最高利率的兩倍，也達不到。",
    ),
    "offers.reason.staking.only_if": (
        "Promised are {promised}, {ratio} times what the chain pays before commission, {limit} ({day}).",
        "承諾{promised}，是鏈在扣除佣金前的 {ratio} 倍（{limit}，{day}）。",
    ),
    "offers.reason.staking.possible": (
        "Promised are {promised}, no more than the chain pays before commission, {limit} ({day}).",
        "承諾{promised}，不超過鏈在扣除佣金前的{limit}（{day}）。",
    ),
    "offers.reason.stake": (
        "The stake claimed, {promised}, is more than all that is staked on the chain, {limit}.",
        "聲稱的質押 {promised} 多於鏈上全部質押 {limit}。",
    ),
    "offers.reason.promises": (
        "Two of its promises cannot both be true: {promised} by one, {limit} by the other, however the money put "
        "in is counted.",
        "兩個承諾不可能同時成立：一個是{promised}，另一個是{limit}，不論本金如何計算。",
    ),
    "offers.reason.tiers": (
        "The largest deposit gains {promised}, the smallest {limit}: {ratio} times as much, where hash rate and "
        "stake pay in proportion to the money.",
        "最大的存款獲利{promised}，最小的{limit}：是 {ratio} 倍；而算力與質押的收入與金額成正比。",
    ),
    "offers.reason.source.only_if": (
        "Promised are {promised}. No rule bounds such an income; the best staking pays {limit}, and the promise is "
        "{ratio} times that.",
        "承諾{promised}。這種收入沒有規則可作為上限；最佳的質押為{limit}，承諾是它的 {ratio} 倍。",
    ),
    "offers.reason.source.untestable": (
        "Promised are {promised}. No rule bounds such an income, and staking can pay as much: {limit}.",
        "承諾{promised}。這種收入沒有規則可作為上限，而質押也可能有這麼多：{limit}。",
    ),
    "offers.compounds": (
        "The promise is {simple} a year paid out, {compounded} if put in again each time.",
        "這個承諾領出來是一年 {simple}，每次再投入則是 {compounded}。",
    ),
    # conditions
    "offers.if.needed": ("Only if: {conditions:;}.", "條件：{conditions:;}。"),
    "offers.if.wanted": ("It would take: {conditions:;}.", "要成立需要：{conditions:;}。"),
    "offers.if.hashprice": (
        "a mean hash price of {value} USD per TH/s and day, {times} times that of now",
        "平均算力價格為每 TH/s 每天 {value} USD，是目前的 {times} 倍",
    ),
    "offers.if.hashprice_of_machine": (
        "a mean hash price of {value} USD per TH/s and day for the cheapest machine with free power, {times} times "
        "that of now",
        "最便宜的礦機在電費全免時，平均算力價格為每 TH/s 每天 {value} USD，是目前的 {times} 倍",
    ),
    "offers.if.btc": (
        "BTC at {value} USD at the difficulty of now",
        "難度不變時 BTC 為 {value} USD",
    ),
    "offers.if.machine": (
        "a machine for {value} USD per TH/s with free power at the hash price of now",
        "以目前的算力價格且電費全免，礦機每 TH/s 為 {value} USD",
    ),
    "offers.if.size": (
        "at least {value} TH/s for the price",
        "這個價格至少有 {value} TH/s",
    ),
    "offers.if.average": (
        "a mean hash price of {value} times that of the first day",
        "平均算力價格為第一天的 {value} 倍",
    ),
    "offers.if.falls": (
        "its seller expects a mean hash price of at most {value} USD per TH/s and day, {times} times that of now",
        "賣方預期平均算力價格最多為每 TH/s 每天 {value} USD，是目前的 {times} 倍",
    ),
    "offers.if.rate": (
        "a reward rate of the chain of {percent} a year, {times} times that of now",
        "鏈的獎勵率為一年 {percent}，是目前的 {times} 倍",
    ),
    "offers.if.staked": (
        "at most {value} coins staked by all",
        "全部質押最多 {value} 枚",
    ),
    "offers.if.earns": (
        "what it is put into earns {percent} a year, {times} times the best staking",
        "投入的標的一年賺 {percent}，是最佳質押的 {times} 倍",
    ),
    "offers.if.grows": (
        "or, without any income, deposits that grow by {percent} a day",
        "或沒有任何收入時，存款每天成長 {percent}",
    ),
    # flags
    "offers.flags.title": ("Facts that frauds have in common", "詐騙常見的特徵"),
    "offers.flags.short": (
        "Facts that frauds have in common, none a proof: {flags}",
        "詐騙常見的特徵，都不是證明：{flags}",
    ),
    "offers.flags.note": (
        "None of these is a proof: honest offers have some of them too, and they change no grade.",
        "這些都不是證明：誠實的報價也會有其中一些，而且不影響結論。",
    ),
    "offers.flag.guaranteed": (
        "A pay-out is guaranteed: hash price and reward rates are nobody's to guarantee.",
        "保證給付：沒有人能保證算力價格或獎勵率。",
    ),
    "offers.flag.fixed_rate": (
        "A fixed rate for a month or less, up to {percent} a day: output moves every day.",
        "一個月以內的固定利率，最多每天 {percent}：產出每天都在變動。",
    ),
    "offers.flag.doubles": ("The money doubles in {value} days.", "{value} 天內投入的錢加倍。"),
    "offers.flag.not_mined": ("The coin cannot be mined.", "這種幣不能挖。"),
    "offers.flag.not_staked": (
        "No chain pays a reward to this coin: what is called staking earns by something else.",
        "沒有任何鏈發獎勵給這種幣：所謂的質押是靠別的方式賺錢。",
    ),
    "offers.flag.no_hash_rate": (
        "No hash rate is stated, which is the sign that repeats most.",
        "沒有說明算力，這是最常重複的特徵。",
    ),
    "offers.flag.no_income": ("It is not said what the money earns by.", "沒有說明靠什麼賺錢。"),
    "offers.flag.no_term": ("No term is stated.", "沒有說明期間。"),
    "offers.flag.no_costs": (
        "No running cost is told: power costs about half of what machines earn. It may be paid by the price.",
        "沒有說明營運成本：電費約占礦機收入的一半。它也可能已含在價格裡。",
    ),
    "offers.flag.referral": ("Recruits are paid for, {percent} in all levels.", "介紹他人有獎金，各級合計 {percent}。"),
    "offers.flag.referral_paid": ("Recruits are paid for.", "介紹他人有獎金。"),
    "offers.flag.rising_tiers": (
        "The part paid rises with the deposit, to {percent}.",
        "存款越多，給付的比例越高，最高 {percent}。",
    ),
    "offers.flag.free": ("{value} TH/s are given for nothing.", "免費送 {value} TH/s。"),
    "offers.flag.withdrawal_fee": ("{percent} of a withdrawal is kept.", "提領時扣 {percent}。"),
    "offers.flag.minimum": ("Nothing below {value} USD is paid out.", "未滿 {value} USD 不能提領。"),
    "offers.short.guaranteed": ("guaranteed", "保證"),
    "offers.short.fixed_rate": ("fixed short rate", "短期固定利率"),
    "offers.short.doubles": ("doubles within a year", "一年內加倍"),
    "offers.short.not_mined": ("coin not mined", "幣不能挖"),
    "offers.short.not_staked": ("coin not staked", "幣不能質押"),
    "offers.short.no_hash_rate": ("no hash rate", "未說明算力"),
    "offers.short.no_income": ("no income named", "未說明收入來源"),
    "offers.short.no_term": ("no term", "未說明期間"),
    "offers.short.no_costs": ("no costs told", "未說明成本"),
    "offers.short.referral": ("referrals", "介紹獎金"),
    "offers.short.rising_tiers": ("rising tiers", "級距遞增"),
    "offers.short.free": ("free hash rate", "免費算力"),
    "offers.short.withdrawal_fee": ("withdrawal fee", "提領費"),
    "offers.short.minimum": ("least withdrawal", "最低提領"),
    # elsewhere
    "offers.elsewhere.title": (
        "What comes back of {money} USD in {days} days",
        "{money} USD 在 {days} 天內拿回多少",
    ),
    "offers.column.way": ("way", "方式"),
    "offers.column.back": ("USD back", "拿回 USD"),
    "offers.column.gain": ("gain", "獲利"),
    "offers.elsewhere.promised": ("as promised, at most", "照承諾，最多"),
    "offers.elsewhere.claimed": ("hash rate claimed, free power", "聲稱的算力，電費全免"),
    "offers.elsewhere.machine": ("ordinary machine, free power", "一般礦機，電費全免"),
    "offers.elsewhere.machine_net": ("ordinary machine, after power", "一般礦機，扣除電費"),
    "offers.elsewhere.staked": ("{coin} staked, price as it is", "質押 {coin}，幣價不變"),
    "offers.elsewhere.best_staked": ("{coin} staked (best rate), price as it is", "質押 {coin}（利率最高），幣價不變"),
    "offers.elsewhere.kept": ("kept, or BTC at its price", "留著，或 BTC 幣價不變"),
    "offers.elsewhere.note": (
        "Prices, difficulty and rates stay as on {day}; an offer of another time is to be held against its own. A "
        "machine is not sold at the end.",
        "價格、難度與利率維持 {day} 的水準；其他時間的報價應以當時的數字檢查。礦機期末不出售。",
    ),
    "offers.plot.title": (
        "What comes back of {money} USD in {days} days: {grade}",
        "{money} USD 在 {days} 天內拿回多少：{grade}",
    ),
    "offers.plot.axis": ("money that comes back", "拿回的錢"),
    "offers.plot.bound": ("the most, in its favour", "往有利方向算，最多"),
    "offers.unseen": (
        "Whether machines, stake or borrowers exist cannot be seen in figures: a low promise is no sign that they do.",
        "礦機、質押或借款人是否存在，數字看不出來：承諾低不代表它們存在。",
    ),
}
