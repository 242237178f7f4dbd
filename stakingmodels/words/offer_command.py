"""Words for the help of the command that checks an offer."""

WORDS: dict[str, tuple[str, str]] = {
    "help.offer": ("check whether a promised pay-out can be", "檢查承諾的給付是否可能"),
    "help.offer.about": (
        "An offer of hash rate, stake or a pay-out against the most that machines, hash rate and chains can pay: "
        "impossible, possible only if a stated figure holds, possible, or not testable. Give what the offer states, "
        "and leave out what it does not. What the seller is plays no part; possible is no advice.",
        "把算力、質押或給付的報價，對照礦機、算力與鏈最多能給付多少：不可能、有條件才可能、可能，或無從檢驗。"
        "只填報價寫明的部分，沒寫的就不填。賣方是誰不影響結論；「可能」不是建議。",
    ),
    "help.offer.examples": (
        "examples:\n"
        "  stakingmodels check-offer --price 450 --hashrate 10 --term 730 --promised 1%/day --guaranteed\n"
        '  stakingmodels check-offer --price 300 --income mining --promised "0.5-1%/day" --referral 6%\n'
        "  stakingmodels check-offer --income staking --coin ATOM --promised 15.3%/year",
        "範例：\n"
        "  stakingmodels check-offer --price 450 --hashrate 10 --term 730 --promised 1%/day --guaranteed "
        "--lang zh-TW\n"
        '  stakingmodels check-offer --price 300 --income mining --promised "0.5-1%/day" --referral 6% --lang zh-TW\n'
        "  stakingmodels check-offer --income staking --coin ATOM --promised 15.3%/year --lang zh-TW",
    ),
    "help.offer.price": ("money put in, USD", "投入的錢，USD"),
    "help.offer.hashrate": ("hash rate claimed for it, TH/s", "聲稱的算力，TH/s"),
    "help.offer.stake": ("coins said to be staked for it", "聲稱質押的幣數"),
    "help.offer.coin": ("coin that is mined or staked (default: BTC for mining)", "挖或質押的幣（預設：挖礦為 BTC）"),
    "help.offer.income": (
        "what it is said to earn by (default: mining with --hashrate, staking with --stake, otherwise other)",
        "號稱靠什麼賺錢（預設：有 --hashrate 為挖礦，有 --stake 為質押，否則為其他）",
    ),
    "help.offer.term": ("days that it runs", "期間的天數"),
    "help.offer.promised": (
        'a promise with its period: 1%/day, "0.5-1%/day", 20%/month, "2x in 600 days", "100 USD/month"; may be '
        "repeated",
        '承諾及其期間：1%/day、"0.5-1%/day"、20%/month、"2x in 600 days"、"100 USD/month"；可重複',
    ),
    "help.offer.guaranteed": ("the pay-out is guaranteed or said to be without risk", "保證給付，或號稱沒有風險"),
    "help.offer.returned": (
        "whether the money put in comes back beside what is promised (default: not stated)",
        "除了承諾的給付，本金是否另外退還（預設：沒有說明）",
    ),
    "help.offer.maintenance": (
        "running costs, power included, USD per TH/s and day",
        "營運成本（含電費），每 TH/s 每天 USD",
    ),
    "help.offer.costs_told": (
        "it says what running costs, or that the price pays for power",
        "有說明營運成本，或說明價格已含電費",
    ),
    "help.offer.withdrawal_fee": ("part of a withdrawal that is kept: 5%", "提領時扣除的比例：5%"),
    "help.offer.minimum_withdrawal": ("smallest withdrawal, USD", "最低提領金額，USD"),
    "help.offer.referral": (
        "parts paid for recruits, one a level: 6%,3%; or yes",
        "介紹獎金的比例，每級一個：6%,3%；或 yes",
    ),
    "help.offer.tier": (
        "a deposit and what comes back of it in all, USD; may be repeated",
        "存款與合計拿回的金額，USD；可重複",
    ),
    "help.offer.free_hashrate": ("hash rate given for nothing, TH/s", "免費贈送的算力，TH/s"),
    "help.offer.as_of": (
        "day of the offer, from 2021-05 to 2026-05, or of the figures below (default: 2026-05-31)",
        "報價的日期（2021-05 至 2026-05），或以下數字的日期（預設：2026-05-31）",
    ),
    "help.offer.hashprice": (
        "income of 1 TH/s a day on that day, USD (default: 0.0366, and 0.0322 to 0.0594 in the year before)",
        "當天 1 TH/s 一天的收入，USD（預設：0.0366，前一年為 0.0322 至 0.0594）",
    ),
    "help.offer.btc": ("price of BTC on that day, USD (default: 78012)", "當天 BTC 的價格，USD（預設：78012）"),
    "help.offer.machine": (
        "price of a machine on that day, USD per TH/s (default: 20, the cheapest 10)",
        "當天礦機的價格，每 TH/s USD（預設：20，最便宜的為 10）",
    ),
    "help.offer.staking_rate": (
        "reward rate of a coin on that day, simple a year with tips: SOL=7.1%; may be repeated",
        "當天某種幣的獎勵率，含小費的單利年率：SOL=7.1%；可重複",
    ),
}
