/*
 * rsi(close, 14) < 30 and close > ema(close, 200), and rsi(close, 14) > 70, from closes to bits in one plain loop: the
 * yardstick of bench/strategy.ts. Reads the closes from the file argv[1] (argv[2] doubles); for every line on stdin it runs
 * once and answers "nanoseconds entries exits".
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

static void signals(const double *x, int n, uint32_t *enter, uint32_t *leave) {
  const int rsi_period = 14, ema_period = 200;
  const double rsi_alpha = 1.0 / rsi_period, ema_alpha = 2.0 / (ema_period + 1), low = 30, high = 70;
  double gain = 0, loss = 0, mean = x[0], last = x[0];
  int i = 1;
  for (; i < n && i < ema_period; i++) { /* seeds: plain means */
    double change = x[i] - last;
    double weight = i <= rsi_period ? 1.0 / i : rsi_alpha;
    last = x[i];
    gain += ((change > 0 ? change : 0) - gain) * weight;
    loss += ((change < 0 ? -change : 0) - loss) * weight;
    mean += (x[i] - mean) / (i + 1);
  }
  for (; i < n;) {
    int end = (i | 31) + 1;
    uint32_t in = 0, out = 0;
    if (end > n) end = n;
    const int word = i >> 5;
    for (; i < end; i++) {
      double change = x[i] - last, size = fabs(change);
      last = x[i];
      gain += ((size + change) / 2 - gain) * rsi_alpha;
      loss += ((size - change) / 2 - loss) * rsi_alpha;
      mean += ema_alpha * (x[i] - mean);
      double total = gain + loss;
      double rsi = total == 0 ? 50 : 50 + 50 * ((gain - loss) / total);
      in |= (uint32_t)((rsi < low) & (x[i] > mean)) << (i & 31);
      out |= (uint32_t)(rsi > high) << (i & 31);
    }
    enter[word] = in;
    leave[word] = out;
  }
}

static int count(const uint32_t *words, int length) {
  int total = 0;
  for (int w = 0; w < length; w++) total += __builtin_popcount(words[w]);
  return total;
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  int n = atoi(argv[2]), words = (n + 31) / 32;
  double *x = malloc(sizeof(double) * n);
  uint32_t *enter = calloc(words, 4), *leave = calloc(words, 4);
  FILE *file = fopen(argv[1], "rb");
  if (!x || !file || fread(x, sizeof(double), n, file) != (size_t)n) return 1;
  fclose(file);
  for (int c; (c = getchar()) != EOF;) {
    if (c != '\n') continue;
    double begin = now();
    signals(x, n, enter, leave);
    double elapsed = now() - begin;
    printf("%.0f %d %d\n", elapsed, count(enter, words), count(leave, words));
    fflush(stdout);
  }
  return 0;
}
