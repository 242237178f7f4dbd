"""Words for values at which a product meets a target."""

WORDS = {
    "target.annual_return": ("returns {share} a year ({rate})", "每年報酬 {share}（{rate}）"),
    "target.total_return": ("returns {share} in all", "總報酬 {share}"),
    "target.money_back": ("gets back the money put in", "取回投入的錢"),
    "target.coin_rate": ("earns {share} a year in its own coin ({rate})", "以自己的幣計，每年得 {share}（{rate}）"),
    "target.holding": ("equals holding its coin", "等於持有該幣"),
    "target.cash": ("equals cash", "等於現金"),
    "target.product": ("equals {product}", "等於 {product}"),
    "solve.change_of": ("change of {factor}", "{factor} 的變動"),
    "solve.found": ("{product} {target} at {of} {value} {side}", "{of} 為 {value} {side}時，{product} {target}"),
    "solve.or_less": ("or less", "以下"),
    "solve.or_more": ("or more", "以上"),
    "solve.several": (
        "{product} {target} on one side of each of several values of {of}: {values:,}",
        "{product} 是否{target}，在 {of} 的幾個值上各有轉變：{values:,}",
    ),
    "solve.never": (
        "{product} never {target} at any {of} from {low} to {high}: nearest at {at}, where the result is {best}",
        "{of} 從 {low} 到 {high}，{product} 永遠不會{target}：最接近的是 {at}，結果為 {best}",
    ),
    "solve.always": (
        "{product} always {target} at every {of} from {low} to {high}: lowest at {at}, where the result is {best}",
        "{of} 從 {low} 到 {high}，{product} 都會{target}：最低的是 {at}，結果為 {best}",
    ),
    "solve.column.annual_return": ("a year", "每年"),
    "solve.column.total_return": ("return", "報酬"),
    "solve.column.coin_rate": ("coins a year", "每年（幣）"),
    "solve.column.holding": ("above holding", "比持有多"),
    "solve.column.cash": ("above cash", "比現金多"),
    "solve.column.product": ("above the other", "比另一產品多"),
    "solve.note.jump": (
        "The result jumps over the target there: a rule sets in, such as the end of a contract.",
        "結果在此處跳過目標：某項規則開始生效，例如合約結束。",
    ),
    "solve.note.runs": ("{n:,} runs of the product.", "產品共計算 {n:,} 次。"),
}
