"""Words for the catalogue of real products: help of its commands, its tables, and the notes of its scenario."""

WORDS = {
    # help of the command line
    "help.products_or_names": (
        "a TOML file with products of your own, a row of the same name is replaced; or names of the catalogue and "
        "sheets of your own, such as lido,my-pool.toml, which are compared in place of the usual rows",
        "自訂產品的 TOML 檔案，同名的列會被取代；或產品目錄中的名稱與自訂的產品表，"
        "如 lido,my-pool.toml，以其取代通常的各列",
    ),
    "help.coins": (
        "coins such as ETH,SOL,ATOM: each chain's own way to stake, from the catalogue",
        "幣，如 ETH,SOL,ATOM：各鏈自身的質押方式，取自產品目錄",
    ),
    "help.rates": (
        "a TOML file of published rates of the day, with source and date, in place of those of the sheets",
        "當日公布利率的 TOML 檔案，含來源與日期，取代產品目錄中的利率",
    ),
    "help.catalogue": ("list dated, sourced terms of real products", "列出實際產品的條款，附日期與來源"),
    "help.catalogue.about": (
        "Real products with their terms as documents state them, each number with its source and date; with a name, "
        "one of them in full. What is not known is left open, and such a product is not run.",
        "實際產品及其文件所述的條款，每個數字都有來源與日期；指定名稱時列出該產品的完整內容。未知者留空，"
        "這樣的產品不會執行。",
    ),
    "help.catalogue.examples": (
        "examples:\n"
        "  stakingmodels catalogue --coin ETH --with open_source\n"
        "  stakingmodels catalogue lido-steth\n"
        "  stakingmodels compare --products lido,rocket-pool,coinbase,solo",
        "範例：\n"
        "  stakingmodels catalogue --coin ETH --with open_source --lang zh-TW\n"
        "  stakingmodels catalogue lido-steth --lang zh-TW\n"
        "  stakingmodels compare --products lido,rocket-pool,coinbase,solo --lang zh-TW",
    ),
    "help.catalogue.sheet": (
        "name of a product, or the file of a sheet, such as my-pool.toml (default: all)",
        "產品名稱，或產品表的檔案，如 my-pool.toml（預設：全部）",
    ),
    "help.catalogue.coin": ("only products of a coin", "只列某種幣的產品"),
    "help.catalogue.with": (
        "only products known to have an attribute, such as open_source; may be repeated",
        "只列已知具有某屬性的產品，如 open_source；可重複",
    ),
    "help.catalogue.as_of": (
        "day on which documents more than a year old are marked",
        "以此日為準，標示超過一年的文件",
    ),
    # tables and notes
    "catalogue.title": (
        "Catalogue: {n} real products, {complete} of which can be run",
        "產品目錄：{n} 種實際產品，其中 {complete} 種可執行",
    ),
    "catalogue.how": (
        "~ one figure of a stated range; ? not known. One sheet in full: stakingmodels catalogue lido-steth",
        "~ 為所述範圍中的一個數字；? 為未知。單一產品的完整內容：stakingmodels catalogue lido-steth --lang zh-TW",
    ),
    "catalogue.sheet": (
        "{key}: {name}, {coin}, {kind}, coins held by {held}",
        "{key}：{name}，{coin}，{kind}，幣由{held}持有",
    ),
    "catalogue.sources": ("Sources of {name}", "{name} 的來源"),
    "catalogue.held.self": ("oneself", "本人"),
    "catalogue.held.contract": ("a contract", "合約"),
    "catalogue.held.firm": ("a firm", "業者"),
    "catalogue.column.sheet": ("sheet", "產品"),
    "catalogue.column.coin": ("coin", "幣"),
    "catalogue.column.kind": ("kind", "種類"),
    "catalogue.kind.SoloValidator": ("validators", "驗證者"),
    "catalogue.kind.StakingPool": ("pool", "質押池"),
    "catalogue.kind.LiquidStakingToken": ("token", "代幣"),
    "catalogue.kind.ExchangeStaking": ("exchange", "交易所"),
    "catalogue.kind.CloudMiningContract": ("mining", "挖礦"),
    "catalogue.kind.MiningMachines": ("machines", "礦機"),
    "catalogue.column.fee": ("fee", "費用"),
    "catalogue.column.wait": ("days out", "退出天數"),
    "catalogue.column.rate": ("published", "公布利率"),
    "catalogue.column.oldest": ("oldest source", "最舊來源"),
    "catalogue.column.lacks": ("not known", "未知"),
    "catalogue.column.term": ("term", "條款"),
    "catalogue.column.value": ("value", "值"),
    "catalogue.column.said": ("as it stands there", "原文數字"),
    "catalogue.column.document": ("document", "文件"),
    "catalogue.column.url": ("address", "網址"),
    "catalogue.column.date": ("date", "日期"),
    "catalogue.column.row": ("row", "列"),
    "catalogue.column.here": ("here", "此處"),
    "catalogue.column.says": ("published", "公布"),
    "catalogue.column.gap": ("gap", "差距"),
    "catalogue.column.dated": ("of", "公布日"),
    "catalogue.column.growth": ("new coins", "增發"),
    "catalogue.column.real": ("real", "實質"),
    "catalogue.column.record": ("record", "紀錄"),
    "catalogue.column.paid": ("paid", "實付"),
    "catalogue.column.first": ("from", "起"),
    "catalogue.column.last": ("to", "迄"),
    "catalogue.beside": ("Coins gained a year, beside what is published", "每年增加的幣，與公布的利率並列"),
    "catalogue.beside_note": (
        "here: after fees, without a failure; published: after the fee, compounded where the product compounds; gap in "
        "points; new coins: growth of the supply a year by the chain's rule; real: here, net of that growth; "
        "? not known",
        "此處：扣費後，未出事；公布：扣費後，產品複利者以複利計；差距以百分點計；增發：依鏈上規則的年供給成長；"
        "實質：此處扣除增發之後；? 未知",
    ),
    "catalogue.old_ones": ("more than a year old: {what}", "已超過一年：{what}"),
    "catalogue.as_of": ("put together as of {day}", "整理日 {day}"),
    "catalogue.read": ("undated, read {day}", "無日期，閱讀日 {day}"),
    "catalogue.missing": ("not run, since not known: {what}", "未執行，因為未知：{what}"),
    "catalogue.unknown": ("attributes not known: {what}", "未知的屬性：{what}"),
    "catalogue.lacking": ("{what}", "{what}"),
    "catalogue.lacks.rate": ("rate", "利率"),
    "catalogue.lacks.fee": ("fee", "費用"),
    "catalogue.lacks.wait": ("days to leave", "退出天數"),
    "catalogue.old": (
        "put together more than a year ago: {what}",
        "整理日距今超過一年：{what}",
    ),
    "catalogue.old_terms": (
        "! {n} sheets have a document more than a year old on {day}.",
        "! {n} 個產品有文件在 {day} 時已超過一年。",
    ),
    "catalogue.is_old": ("{day} !", "{day} !"),
    "catalogue.queue": ("queue of {coin}", "{coin} 的佇列"),
    "catalogue.taken.least": ("{value} ~least", "{value} ~下限"),
    "catalogue.taken.middle": ("{value} ~middle", "{value} ~中點"),
    "catalogue.taken.most": ("{value} ~most", "{value} ~上限"),
    "catalogue.gross": ("{rate} before the fee", "{rate}（扣費前）"),
    "catalogue.net": ("{rate} after the fee", "{rate}（扣費後）"),
    "catalogue.in_rate": ("in the rate", "含於利率"),
    "catalogue.sold": ("sold", "賣出"),
    "catalogue.a_kwh": ("{cost:.3g} USD/kWh", "每度 {cost:.3g} 美元"),
    "catalogue.a_th_day": ("{cost:.3g} USD/TH/day", "每 TH 每日 {cost:.3g} 美元"),
    "catalogue.a_day": ("{cost:.3g} USD/day", "每日 {cost:.3g} 美元"),
    "catalogue.attributes": ("Attributes", "屬性"),
    "catalogue.marks": (
        "+ yes, - no, ? not known; the minimum in coins",
        "+ 有，- 無，? 未知；最低額以幣計",
    ),
    "catalogue.short.open_source": ("open", "開源"),
    "catalogue.short.audited": ("audited", "審計"),
    "catalogue.short.bug_bounty": ("bounty", "懸賞"),
    "catalogue.short.battle_tested": ("tested", "久經考驗"),
    "catalogue.short.trustless": ("trustless", "免信任"),
    "catalogue.short.permissionless": ("anyone joins", "免許可"),
    "catalogue.short.client_diversity": ("clients", "客戶端"),
    "catalogue.short.self_custody": ("self custody", "自行保管"),
    "catalogue.short.liquidity_token": ("token", "流動代幣"),
    "catalogue.short.minimum": ("minimum", "最低額"),
    "catalogue.gap": ("gap of {row}: {reason}", "{row} 的差距：{reason}"),
    "catalogue.gap.rocket-pool-reth": (
        "the built-in reward of Ethereum is of 2026-01-01; more ETH is staked since, and pays less",
        "內建的以太坊獎勵為 2026-01-01 的值；此後質押的 ETH 增加，獎勵降低",
    ),
    "catalogue.gap.solo-validator": (
        "the machine is paid in the first year, coins beyond whole validators lie idle, and the deposit waits 45 days; "
        "published is the network's rate",
        "機器成本計入第一年，不足一個驗證者的幣閒置，且存入須等待 45 天；公布的是全網的利率",
    ),
    "catalogue.gap.jito-jitosol": (
        "tips and MEV are in the published rate, of January 2026; the chain's rule has inflation alone, which falls by "
        "15 % a year; leaving costs 0.1 %",
        "公布的利率含小費與 MEV，為 2026 年 1 月的值；鏈上規則只有通膨，且每年下降 15 %；退出費 0.1 %",
    ),
    "catalogue.gap.sol-delegation": (
        "the rule is of a later epoch than the published rate, at a lower inflation",
        "鏈上規則的時期晚於公布的利率，通膨較低",
    ),
    "catalogue.gap.atom-delegation": (
        "the published rate assumes the blocks a year of the parameter; the chain makes more of them, and pays more",
        "公布的利率假設每年區塊數等於參數；鏈上出塊較多，支付也較多",
    ),
    "catalogue.gap.avax-delegation": (
        "the published rate is from before Helicon, which lowered the pay of short stakes",
        "公布的利率早於 Helicon，該升級降低了短期質押的獎勵",
    ),
    "catalogue.gap.near-delegation": (
        "the published rate is a proposal's, for half of all coins staked",
        "公布的利率出自提案，假設一半的幣已質押",
    ),
    "catalogue.gap.lido-steth": (
        "published is the middle of 2.4 to 2.6 %; the reward here is of 2026-01-01, and fell since; the days to leave "
        "pay nothing",
        "公布的是 2.4 至 2.6 % 的中間；此處的獎勵為 2026-01-01 的值，此後降低；退出期間沒有獎勵",
    ),
    "catalogue.gap.etherfi-weeth": (
        "published is a week by one tracker; the built-in reward of Ethereum is of 2026-01-01, and fell since",
        "公布的是某追蹤者所量的一週；內建的以太坊獎勵為 2026-01-01 的值，此後降低",
    ),
    "catalogue.gap.coinbase-eth": (
        "the published rate is of December 2025; the deposit waits in the entry queue here, which no rate tells",
        "公布的利率屬於 2025 年 12 月；此處存入後先在入口佇列等待，利率不會說明這一點",
    ),
    "catalogue.gap.binance-wbeth": (
        'about 3 %, "directional" and undated, is more than all of Ethereum pays less the fee of 10 %',
        "約 3 %，原文稱僅供參考且無日期，高於整個以太坊所付扣除 10 % 費用後的數字",
    ),
    "catalogue.gap.ada-delegation": (
        "the published rate is undated; the rule falls with the reserves, and the first reward comes after 20 days; "
        "the fixed cost of a pool, 170 ADA an epoch, is in neither",
        "公布的利率沒有日期；規則的利率隨儲備下降，且第一筆獎勵在 20 天後；池的固定費用每期 170 ADA，兩者都未計入",
    ),
    "catalogue.gap.dot-nomination": (
        "the published rate is a forecast of December 2025; since referendum 1909 stakers get 45.2 % of what is minted",
        "公布的利率是 2025 年 12 月的預測；公投 1909 之後質押者得到增發的 45.2 %",
    ),
    "catalogue.gap.benqi-savax": (
        "the published rate is undated, from before Helicon; its validators take longer stakes than the rule here",
        "公布的利率沒有日期，早於 Helicon；其驗證者的質押比此處的規則長",
    ),
    "catalogue.gap.marinade-msol": (
        "tips and MEV are in the published rate, of some day of 2026; the chain's rule has inflation alone; leaving "
        "costs 0.2 %",
        "公布的利率含小費與 MEV，為 2026 年某日的值；鏈上規則只有通膨；退出費 0.2 %",
    ),
    "catalogue.gap.metapool-stnear": (
        "the published rate is from before the inflation was halved",
        "公布的利率早於通膨減半",
    ),
    "catalogue.gap.binance-earn-locked-pol": (
        "the year ends within the thirteenth term of 30 days, whose rewards are lost",
        "一年結束時在第十三個 30 天期之中，該期獎勵喪失",
    ),
    "catalogue.gap.lista-slisbnb": (
        "the published rate is the reward here, as the library has no rule of the chain; the gap is of fee and entry",
        "程式庫沒有此鏈的規則，以公布的利率為獎勵；差距來自費用與進入",
    ),
    "catalogue.gap.sui-delegation": (
        "the published rate is the reward here, since the library has no rule of the chain; the gap is of the entry",
        "程式庫沒有此鏈的規則，以公布的利率為獎勵；差距來自進入",
    ),
    "catalogue.paid": ("Coins gained a year, beside what records say was paid", "每年增加的幣，與紀錄中的實付並列"),
    "catalogue.paid_note": (
        "paid: over the days of the record, after the fee, compounded where the product compounds; gap in points; the "
        "files and errors: Models beside records, in the documentation",
        "實付：紀錄期間的年率，扣費後，產品複利者以複利計；差距以百分點計；檔案與誤差見文件中的「模型與紀錄對照」",
    ),
    "catalogue.record.wsteth": ("rate of wstETH", "wstETH 的比率"),
    "catalogue.record.ada": ("rewards over all stake, pools' shares in it", "獎勵除以全部質押，含池的份額"),
    "catalogue.record.sol": ("inflation over all stake", "通膨除以全部質押"),
    "catalogue.record.mev": ("tips and MEV beside it", "另有小費與 MEV"),
    "catalogue.record.atom": ("told by a tracker, mean of days", "追蹤站所述，各日平均"),
    "catalogue.paid_gap.lido-steth": (
        "less ETH was staked then, and the network paid 3.12 %; holders got 0.14 points of MEV that no published rate "
        "counts; the days to leave pay nothing here",
        "當時質押的 ETH 較少，全網為 3.12 %；持有人另得 0.14 個百分點的 MEV，公布的利率都未計入；此處退出期間沒有獎勵",
    ),
    "catalogue.paid_gap.ada-delegation": (
        "the reserves were larger then; pools with a pledge earned a bonus, and the first reward here comes after 20 "
        "days",
        "當時儲備較多；有抵押的池另有加成，而此處第一筆獎勵在 20 天後",
    ),
    "catalogue.paid_gap.sol-delegation": (
        "the rule is of a later epoch, at a lower inflation",
        "鏈上規則的時期較晚，通膨較低",
    ),
    "catalogue.paid_gap.atom-delegation": (
        "the record assumes the blocks a year of the parameter; the chain makes more of them, and paid more than it "
        "says",
        "紀錄假設每年區塊數等於參數；鏈上出塊較多，實際支付高於紀錄",
    ),
    "catalogue.by_word": (
        "reward of {coin}: {rate:.2%} {kind} by {title}, {day}",
        "{coin} 的獎勵：依 {title}（{day}）為 {rate:.2%} {kind}",
    ),
    "catalogue.no_price": (
        "no price scenario of {coins}: price held at 1 USD, so only what is counted in coins says anything",
        "沒有 {coins} 的價格情境：價格固定為 1 美元，只有以幣計的數字有意義",
    ),
    "catalogue.no_ratio": (
        "no record of the ratio of {tokens}: traded at what the coins are worth",
        "沒有 {tokens} 的比值記錄：以其幣的價值交易",
    ),
}
"""English and Traditional Chinese, by key."""
