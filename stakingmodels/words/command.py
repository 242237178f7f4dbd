"""Words for the command line: its help, its list of products, and progress."""

WORDS: dict[str, tuple[str, str]] = {
    "progress": ("simulate: block {done} of {total}", "模擬：第 {done} 個區塊，共 {total} 個"),
    "progress.title": ("simulate", "模擬"),
    # help in general
    "help.usage": ("usage: ", "用法："),
    "help.options": ("options", "選項"),
    "help.arguments": ("arguments", "引數"),
    "help.commands": ("commands", "指令"),
    "help.help": ("show this help and stop", "顯示這份說明後結束"),
    "help.version": ("show the version and stop", "顯示版本後結束"),
    "help.lang": (
        "language of tables and help: {languages}; errors stay English (default: {default})",
        "表格與說明的語言：{languages}；錯誤訊息一律為英文（預設：{default}）",
    ),
    "help.main": (
        "Compare ways to hold, stake and mine cryptocurrency: what the same money becomes in each, after fees, costs "
        "and losses, with the risk that goes with it.",
        "比較持有、質押與挖礦：同一筆錢放進各種產品，扣除手續費、成本與損失之後變成多少，以及伴隨的風險。",
    ),
    "help.main.examples": (
        "examples:\n"
        "  stakingmodels compare --capital 10000 --days 365\n"
        '  stakingmodels quote "staking pool" --set commission=0.15\n\n'
        "Every command explains its options: stakingmodels compare --help\n"
        "Documentation: docs/index.md beside the source; in Python, help(stakingmodels)",
        "範例：\n"
        "  stakingmodels compare --capital 10000 --days 365 --lang zh-TW\n"
        '  stakingmodels quote "staking pool" --set commission=0.15 --lang zh-TW\n\n'
        "每個指令都有自己的說明：stakingmodels compare --help --lang zh-TW\n"
        "文件：原始碼中的 docs/zh-TW/index.md；在 Python 中用 help(stakingmodels)",
    ),
    # compare
    "help.compare": (
        "compare holding, four ways of staking, cloud mining and cash",
        "比較持有、四種質押方式、雲端挖礦與現金",
    ),
    "help.compare.about": (
        "What the same money becomes when held, staked, put into cloud mining, or kept as cash. Without --history "
        "prices are drawn, from a small built-in scenario of January 2026.",
        "同一筆錢用於持有、質押、雲端挖礦或以現金保留，各會變成多少。未指定 --history 時，價格取自內建的 2026 年 1 月"
        "小型情境，以亂數抽取。",
    ),
    "help.compare.examples": (
        "examples:\n"
        "  stakingmodels compare --capital 10000 --days 180\n"
        "  stakingmodels compare --history Price:ETH=eth.csv --history Price:BTC=btc.csv --format csv",
        "範例：\n"
        "  stakingmodels compare --capital 10000 --days 180 --lang zh-TW\n"
        "  stakingmodels compare --history Price:ETH=eth.csv --history Price:BTC=btc.csv --format csv",
    ),
    # report
    "help.report": ("write a comparison as one HTML file to send", "把比較寫成一個可寄送的 HTML 檔"),
    "help.report.about": (
        "One HTML file that needs no network and no script: the answer, pictures, what it rests on, every assumed "
        "number and term with its source, and how to repeat it. Needs the extra: pip install 'stakingmodels[report]'.",
        "一個不需要網路也不需要程式的 HTML 檔：答案、圖、根據什麼、每個假設數字與條款及其來源，以及如何重做。"
        "需要額外套件：pip install 'stakingmodels[report]'。",
    ),
    "help.report.examples": (
        "examples:\n"
        "  stakingmodels report --out report.html --capital 10000\n"
        "  stakingmodels report --out paper.html --form committee --policy policy.toml",
        "範例：\n"
        "  stakingmodels report --out report.html --capital 10000 --lang zh-TW\n"
        "  stakingmodels report --out paper.html --form committee --policy policy.toml --lang zh-TW",
    ),
    "help.report.out": ("the file, which ends with .html", "檔名，以 .html 結尾"),
    "help.form": (
        "full, or committee: two pages with the decision, limits and stresses (default: {default})",
        "full（完整），或 committee（兩頁，含決定、限額與壓力事件）（預設：{default}）",
    ),
    "help.policy": (
        "TOML file of limits such as max_days_to_cash = 30: {limits}; and name, best_by = a column",
        "限額的 TOML 檔，如 max_days_to_cash = 30：{limits}；以及 name、best_by = 欄位",
    ),
    "help.capital": (
        "money put into each product, or coins such as 0.5ETH (default: {default})",
        "投入每個產品的金額，或幣數如 0.5ETH（預設：{default}）",
    ),
    "help.currency": (
        "currency that money is counted in: {currencies}, or a coin such as ETH; any other with --exchange-rate "
        "(default: USD). --capital and --cash-rate are then in it; prices of files and of --market stay in USD",
        "計價貨幣：{currencies}，或幣如 ETH；其他貨幣請加 --exchange-rate（預設：USD）。--capital 與 --cash-rate "
        "隨之以此貨幣計；檔案與 --market 的價格仍以 USD 計",
    ),
    "help.exchange_rate": (
        "units of the currency for one USD, throughout (default: that of 2025-12-31, or of --history Price:USD=FILE)",
        "1 USD 值多少該貨幣，全程固定（預設：2025-12-31 的匯率，或 --history Price:USD=FILE 的記錄）",
    ),
    "help.days": ("days until the exit (default: {default})", "到退出為止的天數（預設：{default}）"),
    "help.settlement_days": (
        "days after it, for exit queues (default: {default})",
        "之後供退出排隊的天數（預設：{default}）",
    ),
    "help.cash_rate": (
        "what cash earns, and in USD so how prices drift on average in the built-in scenario: 3.7% or 0.037, a rate "
        "that compounds (APY); 3.65%APR says its kind; 0 for none (default: {rate} APY, US Treasury bills of "
        "2025-12-31; with --currency that currency's; with --history none)",
        "現金的利率；以美元計時，也是內建情境中價格的平均漂移：3.7% 或 0.037 為複利（APY）；3.65%APR 則指明種類；"
        "0 表示沒有利息（預設：{rate} APY，2025-12-31 的美國國庫券；使用 --currency 時為該貨幣的利率；"
        "使用 --history 時沒有利息）",
    ),
    "help.products": (
        "a TOML file with products of your own; a row of the same name is replaced",
        "自訂產品的 TOML 檔案；同名的列會被取代",
    ),
    "help.paths": (
        "paths drawn (default: {default}; with --history all windows)",
        "抽取的路徑數（預設：{default}；使用 --history 時為全部段落）",
    ),
    "help.sampling": (
        "independent paths (default), or a power of two of quasi-random ones (by default {default}): smaller errors of "
        "value at risk, shortfall and averages in money, larger ones of averages in coins",
        "路徑彼此獨立（預設），或採準隨機抽樣：風險值、預期短缺與以金額計的平均誤差較小，"
        "以幣計的平均誤差較大；路徑數須為 2 的次方（預設 {default} 條）",
    ),
    "help.seed": (
        "seed of what is drawn (default: {default}, the same each time)",
        "亂數種子（預設：{default}，每次相同）",
    ),
    "help.history": (
        "a recorded daily series in a CSV or JSON file, such as Price:ETH=eth.csv; may be repeated. Factors: {factors}",
        "CSV 或 JSON 檔案中的每日序列，例如 Price:ETH=eth.csv；可重複。因子：{factors}",
    ),
    "help.shift": (
        "days added to the dates of a file: -1 where a close is labelled by the day after it; may be repeated",
        "檔案日期要加的天數：收盤價標為次日時用 -1；可重複",
    ),
    "help.unit": (
        "what a file is in, such as EH/s, coins/day or percent; may be repeated",
        "檔案的單位，例如 EH/s、coins/day 或 percent；可重複",
    ),
    "help.rate_type": ("whether a rate is an apr or an apy; may be repeated", "利率是 apr 還是 apy；可重複"),
    "help.dates": (
        "how 01/02/2024 is meant: 'month first' or 'day first'; may be repeated",
        "01/02/2024 的意思：'month first' 或 'day first'；可重複",
    ),
    "help.levels": (
        "how windows open (default: rescaled to the last day)",
        "段落如何開始（預設：縮放到最後一天的水準）",
    ),
    "help.fill": ("what to do about missing days (default: refuse)", "缺少的日子如何處理（預設：拒絕）"),
    "help.reading": ("how it is read", "結果的呈現"),
    "help.confidence_level": (
        "level of VaR, ES, days to cash (default: {default})",
        "風險值、預期短缺、取現天數的信賴水準（預設：{default}）",
    ),
    "help.benchmark": (
        "row that all are compared with (default: holding each one's own coin)",
        "作為比較基準的列（預設：持有各自的幣）",
    ),
    "help.rank": (
        "best row first by a column (return_mean if only bounds are given)",
        "依某一欄排序，最好的在前（只給條件時用 return_mean）",
    ),
    "help.max_es": (
        "leave out rows with a larger expected shortfall, a fraction of the capital",
        "略去預期短缺較大的列（占本金的比例）",
    ),
    "help.max_days_to_cash": (
        "leave out rows that are not money after so many days",
        "略去超過這些天數仍未變成現金的列",
    ),
    "help.min_capital": (
        "money you have, at least --capital: leave out what it cannot open",
        "您擁有的金額，至少為 --capital：略去這筆錢不足以開始的列",
    ),
    "help.max_infeasible": (
        "on at most this fraction of the paths (default: 0.05)",
        "至多允許這個比例的路徑無法開始（預設：0.05）",
    ),
    "help.if": (
        "show what each row in a coin comes to if the coin's price changes so by the exit: ETH=-50%, or ETH=x2 for the "
        "double; ETH=-50%,BTC=x2 for both at once; x2 for each row's own coin; may be repeated",
        "顯示幣價到退出日如此變動時，以該幣計的各列變成多少：ETH=-50%，或以 ETH=x2 表示兩倍；ETH=-50%,BTC=x2 表示兩者"
        "同時；x2 表示每列各自的幣；可重複",
    ),
    "help.verbose": (
        "print the details too: standard errors, costs, risks, liquidity, and what it all rests on",
        "另外列出細節：標準誤、成本、風險、取回的時程，以及全部的根據",
    ),
    "help.width": (
        "columns of the short table, at least 80 (default: those of the terminal, otherwise 100)",
        "簡表的寬度（欄），至少 80（預設：終端機的寬度，否則為 100）",
    ),
    "help.format": ("what is printed (default: {default})", "輸出格式（預設：{default}）"),
    # quote
    "help.quote": ("show how gross becomes net for one product", "顯示一個產品如何由毛收益變成淨收益"),
    "help.quote.about": (
        "How gross becomes net, line by line, if the built-in scenario stood still on its first day and nothing "
        "failed.",
        "假設內建情境停在第一天且沒有任何失敗事件，逐項列出毛收益如何變成淨收益。",
    ),
    "help.quote.examples": (
        "examples:\n"
        "  stakingmodels quote StakingPool --set commission=0.15 --set unbonding_days=9\n"
        "  stakingmodels quote StakingPool --set asset=SOL --market StakingReward:SOL=6%APR",
        "範例：\n"
        "  stakingmodels quote StakingPool --set commission=0.15 --set unbonding_days=9 --lang zh-TW\n"
        "  stakingmodels quote StakingPool --set asset=SOL --market StakingReward:SOL=6%APR",
    ),
    "help.quote.product": (
        "a row of compare or of --products, or one of {kinds}",
        "compare 或 --products 的一列，或下列之一：{kinds}",
    ),
    "help.set": (
        "a term to change; may be repeated (stakingmodels products KIND lists the terms)",
        "要改變的條款；可重複（stakingmodels products KIND 列出條款）",
    ),
    "help.market": (
        "what the built-in scenario lacks or should have instead, such as Price:ADA=0.35 or StakingReward:SOL=6%APR; "
        "may be repeated",
        "內建情境所缺或要改用的數值，例如 Price:ADA=0.35 或 StakingReward:SOL=6%APR；可重複",
    ),
    "help.quote.history": (
        "a recorded daily series in a CSV or JSON file, such as Price:ETH=eth.csv: its value of the last day that all "
        "files have takes the place of the built-in one; may be repeated. Factors: {factors}",
        "CSV 或 JSON 檔案中的每日序列，例如 Price:ETH=eth.csv：以所有檔案共有的最後一天的數值取代內建數值；可重複。"
        "因子：{factors}",
    ),
    "help.as_of": ("another day of the files, such as 2025-11-19", "改用檔案中的另一天，例如 2025-11-19"),
    "quote.recorded": ("as recorded on {day}: {values}", "{day} 的記錄：{values}"),
    # fit
    "help.fit": ("measure volatilities, correlations and more on recorded files", "由記錄檔估計波動率、相關係數等參數"),
    "help.fit.about": (
        "Parameters of scenarios, measured on recorded daily series, each with its standard error and goodness of fit: "
        "volatility, trend, jumps, correlations, the pull of a ratio to its mean.",
        "由每日記錄估計情境的參數，各附標準誤與適配度：波動率、趨勢、跳躍、相關係數，以及比率回到平均的力道。",
    ),
    "help.fit.examples": (
        "examples:\n"
        "  stakingmodels fit Price:ETH=eth.csv Price:BTC=btc.csv\n"
        "  stakingmodels fit Price:ETH=eth.csv --first 2024-01-01 --format json",
        "範例：\n"
        "  stakingmodels fit Price:ETH=eth.csv Price:BTC=btc.csv --lang zh-TW\n"
        "  stakingmodels fit Price:ETH=eth.csv --first 2024-01-01 --format json",
    ),
    "help.fit.files": (
        "recorded daily series in CSV or JSON files, such as Price:ETH=eth.csv. Factors: {factors}",
        "CSV 或 JSON 檔案中的每日序列，例如 Price:ETH=eth.csv。因子：{factors}",
    ),
    "help.first": (
        "first day that is used (default: the first that all files have)",
        "採用的第一天（預設：所有檔案共有的第一天）",
    ),
    "help.last": (
        "last day that is used (default: the last that all files have)",
        "採用的最後一天（預設：所有檔案共有的最後一天）",
    ),
    "help.jump_threshold": (
        "robust deviations beyond which a day's return is a jump (default: {default})",
        "單日報酬超過多少個穩健標準差視為跳躍（預設：{default}）",
    ),
    "help.ratio_lags": (
        "days of lags by which the pull of a ratio is measured (default: {default})",
        "估計比率回歸力道所用的落後天數（預設：{default}）",
    ),
    # files
    "help.saving": ("files", "檔案"),
    "help.save": (
        "file to which the comparison is saved with its run, exact to the bit, such as run.npz",
        "儲存比較與整次模擬的檔案，每個位元都相同，例如 run.npz",
    ),
    "help.load": (
        "file that --save wrote: shown again, without a run, with the options of reading",
        "由 --save 寫出的檔案：不重新模擬，以閱讀選項再次顯示",
    ),
    "help.plot": (
        "file for a picture of the answer: averages with their ranges over assumptions, and flip points; "
        "its name ends with .svg, .png or .pdf",
        "存放答案圖的檔案：各列的平均、假設範圍，以及優劣改變之處；檔名結尾為 .svg、.png 或 .pdf",
    ),
    "help.force": ("replace a file of that name", "取代同名的檔案"),
    "help.schema": ("print the JSON Schema of files", "列出檔案的 JSON Schema"),
    "help.schema.about": (
        "JSON Schema (draft 2020-12) of the files of products, scenarios and more that stakingmodels.serialize writes.",
        "stakingmodels.serialize 所寫檔案（產品、情境等）的 JSON Schema（2020-12 版）。",
    ),
    "help.schema.examples": (
        "examples:\n  stakingmodels schema > file.json\n  stakingmodels schema ratecard > ratecard.json",
        "範例：\n  stakingmodels schema > file.json\n  stakingmodels schema ratecard > ratecard.json",
    ),
    "help.schema.kind": (
        "kind of thing, such as StakingPool (default: all), or ratecard",
        "種類，例如 StakingPool（預設：全部），或 ratecard",
    ),
    # products
    "help.list": ("list the products and their terms", "列出產品及其條款"),
    "help.list.about": (
        "The kinds of products and the rows of compare; with a name, its terms with their values, units and sources.",
        "產品的種類與 compare 的各列；指定名稱時，列出其條款的數值、單位與來源。",
    ),
    "help.list.examples": (
        'examples:\n  stakingmodels products\n  stakingmodels products "staking pool"',
        '範例：\n  stakingmodels products --lang zh-TW\n  stakingmodels products "staking pool" --lang zh-TW',
    ),
    "help.assumptions": ("list, show or compare sets of assumed numbers", "列出、顯示或比較假設集"),
    "help.assumptions.about": (
        "The numbers behind products and scenario: with their ranges, what they rest on, what changed between two sets "
        "and what each product's average moved by.",
        "產品與情境背後的數字：範圍與依據、兩個假設集之間的變更，以及各產品平均因此的變動。",
    ),
    "help.assumptions.examples": (
        "examples:\n"
        "  stakingmodels assumptions list\n"
        "  stakingmodels assumptions show --format toml > my.toml\n"
        "  stakingmodels assumptions diff 2026.11 my.toml",
        "範例：\n"
        "  stakingmodels assumptions list --lang zh-TW\n"
        "  stakingmodels assumptions show --format toml > my.toml\n"
        "  stakingmodels assumptions diff 2026.11 my.toml --lang zh-TW",
    ),
    "help.assumptions.action": (
        "list: the sets of the library; show: one set; diff: what changed between two",
        "list：內建的假設集；show：其中一個；diff：兩個之間的變更",
    ),
    "help.assumptions.sets": (
        "names of sets, or TOML files (default: {default})",
        "假設集的名稱或 TOML 檔案（預設：{default}）",
    ),
    "help.assumptions.paths": (
        "paths of each of the two runs of diff (default: {default})",
        "diff 兩次模擬各自的路徑數（預設：{default}）",
    ),
    "help.assumption_set": (
        "assumption set of products and built-in scenario: a name or a TOML file (default: {default})",
        "產品與內建情境所用的假設集：名稱或 TOML 檔案（預設：{default}）",
    ),
    "help.list.product": (
        "a row of compare or of --products, or one of {kinds} (default: all)",
        "compare 或 --products 的一列，或下列之一：{kinds}（預設：全部）",
    ),
    # the list of products
    "products.title": ("Kinds of products", "產品種類"),
    "products.column.kind": ("kind", "種類"),
    "products.column.what": ("what it is", "說明"),
    "products.column.rows": ("rows of compare", "compare 的列"),
    "products.more": (
        "stakingmodels products KIND lists its terms; quote KIND shows what they come to.",
        "stakingmodels products KIND 列出條款；quote KIND 顯示其結果。",
    ),
    "products.terms": ("{name}: terms", "{name}：條款"),
    "products.column.term": ("term", "條款"),
    "products.column.meaning": ("meaning", "意義"),
    "products.column.value": ("value", "數值"),
    "products.column.unit": ("unit", "單位"),
    "products.source": ("{term}: {source} ({date})", "{term}：{source}（{date}）"),
    "products.set": (
        "Change a term with --set TERM=VALUE in quote, or in a TOML file for --products.",
        "以 quote 的 --set TERM=VALUE，或 --products 的 TOML 檔案改變條款。",
    ),
    "products.required": ("must be given", "必填"),
    "products.derived": ("by other terms", "依其他條款"),
    "products.below": ("see below", "見下方"),
    "products.part": ("{label}: {values}", "{label}：{values}"),
    "products.within": ("{label} {value}", "{label} {value}"),
    "products.event": ("{name}{rate}", "{name}{rate}"),
    "products.hazard": (" at {hazard} a year", "（每年 {hazard}）"),
    "products.none": ("none", "無"),
    "products.yes": ("true", "true（是）"),
    "products.no": ("false", "false（否）"),
    "kind.fraction": ("fraction", "比例"),
    "kind.number": ("number", "數字"),
    "kind.days": ("days", "天"),
    "kind.rate": ("rate", "利率"),
    "kind.count": ("whole number", "整數"),
    "kind.flag": ("true or false", "true 或 false"),
    "kind.event": ("event", "事件"),
    "kind.failures": ("failures", "失效事件"),
    "kind.halts": ("halts", "停止事件"),
    "kind.entry": ("entry", "進場條件"),
    "kind.execution": ("tips and MEV", "小費與 MEV"),
    "kind.payout": ("pay-out", "獎勵發放"),
    "kind.coin": ("coin", "幣"),
    "kind.text": ("text", "文字"),
    "kind.day": ("date", "日期"),
    "kind.factor": ("factor", "因子"),
    "kind.other": ("-", "-"),
}
