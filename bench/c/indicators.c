/*
 * Plain loops over whole columns, as one would write them first: the yardstick of bench/indicators.ts.
 * Reads "NAME" lines on stdin; runs the loop once on the bars of the file argv[1] (argv[2] bars: open, high, low, close,
 * volume, each a column of doubles) and answers "nanoseconds checksum", the checksum being the sum of the first output.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int n;
static double *high, *low, *close_, *volume;
static double *out[5];

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

static void ema(const double *x, double *y, int period) {
  double alpha = 2.0 / (period + 1), mean = 0;
  for (int i = 0; i < period; i++) {
    mean += x[i] / period;
    y[i] = NAN;
  }
  y[period - 1] = mean;
  for (int i = period; i < n; i++) y[i] = mean += alpha * (x[i] - mean);
}

static void rsi(const double *x, double *y, int period) {
  double gain = 0, loss = 0;
  y[0] = NAN;
  for (int i = 1; i < n; i++) {
    double change = x[i] - x[i - 1];
    double up = change > 0 ? change : 0, down = change < 0 ? -change : 0;
    if (i <= period) {
      gain += up / period;
      loss += down / period;
    } else {
      gain += (up - gain) / period;
      loss += (down - loss) / period;
    }
    y[i] = i < period ? NAN : gain + loss == 0 ? 50 : 100 * gain / (gain + loss);
  }
}

static void macd(const double *x, int fast, int slow, int signal) {
  double fa = 2.0 / (fast + 1), sa = 2.0 / (slow + 1), ga = 2.0 / (signal + 1);
  double quick = 0, calm = 0, mean = 0;
  int known = slow + signal - 2;
  for (int i = 0; i < n; i++) {
    out[0][i] = out[1][i] = out[2][i] = NAN;
    int f = i - (slow - fast);
    if (f >= 0) quick += f < fast ? x[i] / fast : fa * (x[i] - quick);
    calm += i < slow ? x[i] / slow : sa * (x[i] - calm);
    if (i < slow - 1) continue;
    double line = quick - calm;
    mean += i <= known ? line / signal : ga * (line - mean);
    if (i < known) continue;
    out[0][i] = line;
    out[1][i] = mean;
    out[2][i] = line - mean;
  }
}

static void bbands(const double *x, int period, double deviations) {
  double sum = 0, squares = 0;
  for (int i = 0; i < n; i++) {
    sum += x[i];
    squares += x[i] * x[i];
    if (i >= period) {
      sum -= x[i - period];
      squares -= x[i - period] * x[i - period];
    }
    double mean = sum / period, variance = squares / period - mean * mean;
    double reach = deviations * sqrt(variance > 0 ? variance : 0);
    int known = i >= period - 1;
    out[0][i] = known ? mean + reach : NAN;
    out[1][i] = known ? mean : NAN;
    out[2][i] = known ? mean - reach : NAN;
    out[3][i] = known ? 2 * reach / mean : NAN;
    out[4][i] = known ? (x[i] - mean + reach) / (2 * reach) : NAN;
  }
}

static void atr(double *y, int period) {
  double mean = 0;
  y[0] = NAN;
  for (int i = 1; i < n; i++) {
    double range = fmax(high[i], close_[i - 1]) - fmin(low[i], close_[i - 1]);
    mean += i <= period ? range / period : (range - mean) / period;
    y[i] = i < period ? NAN : mean;
  }
}

/* The place of an extreme is kept; the window is searched again when it has left it. */
static void stoch(int period, int smooth, int signal) {
  double *raw = out[2];
  int top = 0, bottom = 0, known = period + smooth + signal - 3;
  for (int i = 0; i < n; i++) {
    int oldest = i - period + 1;
    if (top < oldest) {
      top = oldest;
      for (int k = oldest + 1; k <= i; k++)
        if (high[k] >= high[top]) top = k;
    } else if (high[i] >= high[top]) top = i;
    if (bottom < oldest) {
      bottom = oldest;
      for (int k = oldest + 1; k <= i; k++)
        if (low[k] <= low[bottom]) bottom = k;
    } else if (low[i] <= low[bottom]) bottom = i;
    raw[i] = oldest < 0 ? NAN : 100 * (close_[i] - low[bottom]) / (high[top] - low[bottom]);
  }
  double sum = 0, sums = 0;
  for (int i = 0; i < n; i++) {
    if (i >= period - 1) sum += raw[i];
    if (i >= period - 1 + smooth) sum -= raw[i - smooth];
    double k = sum / smooth;
    out[3][i] = k;
    if (i >= period + smooth - 2) sums += k;
    if (i >= period + smooth - 2 + signal) sums -= out[3][i - signal];
    out[0][i] = i < known ? NAN : k;
    out[1][i] = i < known ? NAN : sums / signal;
  }
}

static void obv(double *y) {
  double total = volume[0];
  y[0] = total;
  for (int i = 1; i < n; i++) {
    if (close_[i] > close_[i - 1]) total += volume[i];
    else if (close_[i] < close_[i - 1]) total -= volume[i];
    y[i] = total;
  }
}

static void mfi(double *y, int period) {
  double *up = out[1], *down = out[2];
  double gain = 0, loss = 0, last = 0;
  for (int i = 0; i < n; i++) {
    double typical = (high[i] + low[i] + close_[i]) / 3, flow = typical * volume[i];
    up[i] = i > 0 && typical > last ? flow : 0;
    down[i] = i > 0 && typical < last ? flow : 0;
    last = typical;
    gain += up[i];
    loss += down[i];
    if (i > period) {
      gain -= up[i - period];
      loss -= down[i - period];
    }
    y[i] = i < period ? NAN : 100 * gain / (gain + loss);
  }
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  n = atoi(argv[2]);
  double *all = malloc(sizeof(double) * n * 5);
  FILE *file = fopen(argv[1], "rb");
  if (!all || !file || fread(all, sizeof(double), (size_t)n * 5, file) != (size_t)n * 5) return 1;
  fclose(file);
  high = all + n;
  low = all + 2 * n;
  close_ = all + 3 * n;
  volume = all + 4 * n;
  for (int k = 0; k < 5; k++) {
    out[k] = malloc(sizeof(double) * n);
    memset(out[k], 0, sizeof(double) * n);
  }
  char name[32];
  while (scanf("%31s", name) == 1) {
    double begin = now();
    if (!strcmp(name, "ema")) ema(close_, out[0], 20);
    else if (!strcmp(name, "rsi")) rsi(close_, out[0], 14);
    else if (!strcmp(name, "macd")) macd(close_, 12, 26, 9);
    else if (!strcmp(name, "bbands")) bbands(close_, 20, 2);
    else if (!strcmp(name, "atr")) atr(out[0], 14);
    else if (!strcmp(name, "stoch")) stoch(14, 3, 3);
    else if (!strcmp(name, "obv")) obv(out[0]);
    else if (!strcmp(name, "mfi")) mfi(out[0], 14);
    else return 2;
    double elapsed = now() - begin, sum = 0;
    for (int i = 0; i < n; i++)
      if (out[0][i] == out[0][i]) sum += out[0][i];
    printf("%.0f %.17g\n", elapsed, sum);
    fflush(stdout);
  }
  return 0;
}
