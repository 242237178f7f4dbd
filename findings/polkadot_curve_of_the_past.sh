#!/usr/bin/env bash
# @polkadot/apps-config 0.171.1 (npm, August 2026) describes the inflation of Polkadot by a curve that ended in 2024.
#
# One would guess: the file from which the staking page of the Polkadot apps takes its parameters holds, in a
# release of 2026, the emission of 2026.
#
# What happens: for Polkadot it gives between 2.5 % and 10 % with 75 % staked as the aim. With 48 % staked that curve
# makes 7.3 % inflation and, divided by 0.48, a return of 15.2 %. The chain has minted fixed amounts since
# Referendum 1139 (November 2024) and since 14 March 2026 amounts in steps (1710): 13.14 % a year of what is
# missing from 2,100 million DOT, at first 55.9 million DOT a year, 3.3 % of 1,674 million (EraPayout in
# system-parachains/asset-hubs/asset-hub-polkadot/src/staking of github.com/polkadot-fellows/runtimes). Part of
# that does not go to stakers.
#
# Why it matters: the package is the handiest list of inflation by chain, and getInflationParams answers for each
# chain in the same form, with a default for those it does not know. A yield of DOT computed from it is more than
# twice what the chain can pay.
#
# The arithmetic of the curve is in the script; the chain's own figures are from its runtime, not from the package.
# Seen with Node.js 20: the lines under "seen" below.
set -euo pipefail

seen='Polkadot: from 0.025 to 0.1, aim 0.75 staked
48 % staked: inflation 7.3 %, return 15.2 %
runtime since 2026-03-14: 55.9 million DOT a year, inflation 3.3 %'

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
# the package alone: with all that it requires it takes more than a gigabyte
npm install --silent --no-audit --no-fund --ignore-scripts @polkadot/networks@14.0.3 @polkadot/util@14.0.3
npm pack --silent @polkadot/apps-config@0.171.1 > /dev/null
mkdir node_modules/@polkadot/apps-config
tar -xzf polkadot-apps-config-0.171.1.tgz --strip-components=1 -C node_modules/@polkadot/apps-config

cat > curve.mjs <<'JS'
import { POLKADOT_GENESIS } from "./node_modules/@polkadot/apps-config/api/constants.js";
import { getInflationParams } from "./node_modules/@polkadot/apps-config/api/params/inflation.js";

const api = { genesisHash: { toHex: () => POLKADOT_GENESIS } }; // all that is read of a connection
const { maxInflation, minInflation, stakeTarget } = getInflationParams(api);
console.log(`Polkadot: from ${minInflation} to ${maxInflation}, aim ${stakeTarget} staked`);

const staked = 0.48; // below the aim, where the curve is a straight line
const inflation = minInflation + (staked / stakeTarget) * (maxInflation - minInflation);
const percent = (fraction) => `${(100 * fraction).toFixed(1)} %`;
console.log(`48 % staked: inflation ${percent(inflation)}, return ${percent(inflation / staked)}`);

const issued = 1674.342; // million DOT on 2026-03-14
const minted = 0.1314 * (2100 - issued);
console.log(`runtime since 2026-03-14: ${minted.toFixed(1)} million DOT a year, inflation ${percent(minted / issued)}`);
JS
now=$(node curve.mjs)

printf '%s\n' "$now"
if [ "$now" != "$seen" ]; then
    printf '@polkadot/apps-config does not behave as recorded any more; recorded was:\n%s\n' "$seen" >&2
    exit 1
fi
