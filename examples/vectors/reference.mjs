// Three rules as a wallet might write them; node run.mjs reference.mjs scores them.

export function bitcoin_block_subsidy({ height }) {
  return 5_000_000_000n >> (height / 210_000n); // BigInt shifts by any number of places
}

export function erc4626_convert_to_assets({ shares, total_assets, total_supply, decimals_offset }) {
  return (shares * (total_assets + 1n)) / (total_supply + 10n ** decimals_offset); // BigInt division rounds down
}

export function quote_holding({ product, market, capital }) {
  const price = market.values[`Price(${product.asset})`];
  const bought = capital / (1 + product.buy_fee);
  const net = bought * (1 - product.sell_fee) - capital;
  return { gross: 0, net, coins: net / price };
}
