#!/usr/bin/env bash
# option-pricing 2.1.0 (npm): simulated options on what pays a yield are too dear by the whole yield of their life.
#
# One would guess: of its three methods, Black-Scholes, a binomial tree and a Monte Carlo simulation, all take
# riskFreeRate and dividendYield, so a European option has one price by each, to within the error of the simulation.
#
# What happens: the simulation discounts with the rate less the yield instead of the rate. With a yield of 10 % over
# two years each price, of a call or a put, is e^0.2 = 1.22 times the other two; with a yield of the size of the rate
# nothing is discounted. More paths do not help. Without a yield the three agree.
#
# Why it matters: a staked coin is an asset with a yield, and a simulation is what one checks a price by. A put that
# insures it seems dearer the better the staking pays: at 20 % by half more than it should cost. For a European option
# multiply by exp(-dividendYield * timeToMaturity), or use the tree, which is right.
#
# Seen with Node.js 20: the lines under "seen" below.
set -euo pipefail

seen='yield 0 %, call: Black-Scholes 36.26, tree 1.00 of it, simulation 1.00, e^(2 yield) 1.00
yield 0 %, put: Black-Scholes 26.75, tree 1.00 of it, simulation 1.00, e^(2 yield) 1.00
yield 5 %, call: Black-Scholes 29.74, tree 1.00 of it, simulation 1.11, e^(2 yield) 1.11
yield 5 %, put: Black-Scholes 29.74, tree 1.00 of it, simulation 1.11, e^(2 yield) 1.11
yield 10 %, call: Black-Scholes 24.20, tree 1.00 of it, simulation 1.22, e^(2 yield) 1.22
yield 10 %, put: Black-Scholes 32.81, tree 1.00 of it, simulation 1.22, e^(2 yield) 1.22
yield 20 %, call: Black-Scholes 15.65, tree 1.00 of it, simulation 1.49, e^(2 yield) 1.49
yield 20 %, put: Black-Scholes 39.10, tree 1.00 of it, simulation 1.49, e^(2 yield) 1.49'

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts option-pricing@2.1.0

cat > "$folder/yields.mjs" <<'JS'
import { Option } from "option-pricing";

for (const dividendYield of [0, 0.05, 0.1, 0.2]) {
    for (const type of ["call", "put"]) {
        const option = new Option({
            style: "european",
            type,
            initialSpotPrice: 100,
            strikePrice: 100,
            timeToMaturity: 2,
            volatility: 0.6,
            riskFreeRate: 0.05,
            dividendYield,
        });
        const exact = option.price("black-scholes");
        const tree = option.price("binomial-tree", { timeSteps: 200 }) / exact;
        const drawn = option.price("monte-carlo-simulation", {
            simulations: 400_000,
            prngName: "sfc32",
            prngSeed: "1",
            prngAdvancePast: 15,
        });
        const yields = Math.exp(dividendYield * 2);
        console.log(
            `yield ${100 * dividendYield} %, ${type}: Black-Scholes ${exact.toFixed(2)}, ` +
                `tree ${tree.toFixed(2)} of it, simulation ${(drawn / exact).toFixed(2)}, ` +
                `e^(2 yield) ${yields.toFixed(2)}`,
        );
    }
}
JS
now=$(cd "$folder" && node yields.mjs)

printf '%s\n' "$now"
if [ "$now" != "$seen" ]; then
    printf 'option-pricing does not behave as recorded any more; recorded was:\n%s\n' "$seen" >&2
    exit 1
fi
