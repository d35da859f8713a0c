import type { Money } from '@docs/api';

// The API counts minor units; how many of them make one is the currency's business: 100 cents, but 1 yen.
export function format(money: Money): string {
  const currency = new Intl.NumberFormat(undefined, { style: 'currency', currency: money.currency });
  return currency.format(money.amount / 10 ** (currency.resolvedOptions().maximumFractionDigits ?? 2));
}

// One sum for each currency.
export function sum(amounts: Money[]): Money[] {
  const sums = new Map<string, number>();
  for (const { amount, currency } of amounts) sums.set(currency, (sums.get(currency) ?? 0) + amount);
  return [...sums].map(([currency, amount]) => ({ amount, currency }));
}
