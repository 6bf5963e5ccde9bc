/*
 * The yardstick of bench/backtest.ts: RSI/EMA rules, all-in at the close, fees, per-bar returns, Sharpe and drawdown.
 * `fused` does it in one pass over the closes, `columnar` with one loop per column, in memory it already has.
 * Reads lines on stdin; answers "nanoseconds finalEquity sharpe maxDrawdown trades" for the closes in the file argv[1].
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const int RSI = 14, EMA = 200;
static const double OVERSOLD = 30, OVERBOUGHT = 70, FEE = 0.00055, CASH = 10000, BARS_PER_YEAR = 525600;
static int n;
static double *x, *rsi, *ema, *equity;
static unsigned char *enter, *leave;

typedef struct {
  double equity, sharpe, drawdown;
  int trades;
} Result;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

static Result fused(void) {
  double gain = 0, loss = 0, mean = 0, alpha = 2.0 / (EMA + 1), cash = CASH, qty = 0;
  double previous = CASH, peak = CASH, worst = 0, sum = 0, squares = 0;
  int trades = 0;
  for (int i = 0; i < n; i++) {
    double change = i > 0 ? x[i] - x[i - 1] : 0;
    double up = change > 0 ? change : 0, down = change < 0 ? -change : 0;
    if (i <= RSI) {
      gain += up / RSI;
      loss += down / RSI;
    } else {
      gain = (gain * (RSI - 1) + up) / RSI;
      loss = (loss * (RSI - 1) + down) / RSI;
    }
    mean = i < EMA ? mean + x[i] / EMA : mean + alpha * (x[i] - mean);
    if (i >= EMA - 1) {
      double strength = 100 * gain / (gain + loss);
      if (qty == 0) {
        if (strength < OVERSOLD && x[i] > mean) {
          qty = cash / (x[i] * (1 + FEE));
          cash = 0;
          trades++;
        }
      } else if (strength > OVERBOUGHT) {
        cash = qty * x[i] * (1 - FEE);
        qty = 0;
      }
    }
    double value = cash + qty * x[i];
    double r = value / previous - 1;
    sum += r;
    squares += r * r;
    if (value > peak) peak = value;
    else if (1 - value / peak > worst) worst = 1 - value / peak;
    previous = value;
  }
  double average = sum / n;
  double deviation = sqrt((squares - n * average * average) / (n - 1));
  return (Result){previous, average / deviation * sqrt(BARS_PER_YEAR), worst, trades};
}

static Result columnar(void) {
  double gain = 0, loss = 0, mean = 0, alpha = 2.0 / (EMA + 1), cash = CASH, qty = 0;
  int trades = 0;
  rsi[0] = NAN;
  for (int i = 1; i < n; i++) {
    double change = x[i] - x[i - 1];
    double up = change > 0 ? change : 0, down = change < 0 ? -change : 0;
    if (i <= RSI) {
      gain += up / RSI;
      loss += down / RSI;
    } else {
      gain = (gain * (RSI - 1) + up) / RSI;
      loss = (loss * (RSI - 1) + down) / RSI;
    }
    rsi[i] = i < RSI ? NAN : 100 * gain / (gain + loss);
  }
  for (int i = 0; i < n; i++) {
    mean = i < EMA ? mean + x[i] / EMA : mean + alpha * (x[i] - mean);
    ema[i] = i < EMA - 1 ? NAN : mean;
  }
  for (int i = 0; i < n; i++) enter[i] = (rsi[i] < OVERSOLD) & (x[i] > ema[i]);
  for (int i = 0; i < n; i++) leave[i] = rsi[i] > OVERBOUGHT;
  for (int i = 0; i < n; i++) {
    if (qty == 0) {
      if (enter[i]) {
        qty = cash / (x[i] * (1 + FEE));
        cash = 0;
        trades++;
      }
    } else if (leave[i]) {
      cash = qty * x[i] * (1 - FEE);
      qty = 0;
    }
    equity[i] = cash + qty * x[i];
  }
  double sum = 0, squares = 0, peak = CASH, worst = 0;
  for (int i = 0; i < n; i++) {
    double r = equity[i] / (i > 0 ? equity[i - 1] : CASH) - 1;
    sum += r;
    squares += r * r;
  }
  for (int i = 0; i < n; i++) {
    if (equity[i] > peak) peak = equity[i];
    else if (1 - equity[i] / peak > worst) worst = 1 - equity[i] / peak;
  }
  double average = sum / n;
  double deviation = sqrt((squares - n * average * average) / (n - 1));
  return (Result){equity[n - 1], average / deviation * sqrt(BARS_PER_YEAR), worst, trades};
}

int main(int argc, char **argv) {
  FILE *file = argc > 2 ? fopen(argv[1], "rb") : NULL;
  char line[32];
  n = argc > 2 ? atoi(argv[2]) : 0;
  if (!file || n < 1) return 1;
  x = malloc(n * sizeof *x);
  rsi = malloc(n * sizeof *rsi);
  ema = malloc(n * sizeof *ema);
  equity = malloc(n * sizeof *equity);
  enter = malloc(n);
  leave = malloc(n);
  if (fread(x, sizeof *x, n, file) != (size_t)n) return 1;
  while (fgets(line, sizeof line, stdin)) {
    double start = now();
    Result r = strncmp(line, "fused", 5) == 0 ? fused() : columnar();
    printf("%.0f %.17g %.17g %.17g %d\n", now() - start, r.equity, r.sharpe, r.drawdown, r.trades);
    fflush(stdout);
  }
  return 0;
}
