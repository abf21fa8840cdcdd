// SPDX-License-Identifier: Apache-2.0
// What the crowd counts: latencies in buckets, answers by name, and the clock.
#ifndef CROWD_METER_H
#define CROWD_METER_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

// Microseconds in buckets of 1/128 of their size: exact below 128 µs, at most 0.8 % off above.
#define SUB_BITS 7
#define SUBS (1 << SUB_BITS)
#define BUCKETS ((40 - SUB_BITS) * SUBS)

typedef struct {
    uint64_t counts[BUCKETS];
    uint64_t total, most;
} Meter;

static inline int64_t now_ns(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec * 1000000000LL + at.tv_nsec;
}

static inline double cpu_seconds(void) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static inline void meter_add(Meter *meter, int64_t ns) {
    uint64_t us = ns > 0 ? (uint64_t)ns / 1000 : 0;
    if (us > meter->most) meter->most = us;
    int shift = 0;
    while ((us >> shift) >= 2 * SUBS) shift++;
    uint64_t slot = (uint64_t)shift * SUBS + (us >> shift);
    meter->counts[slot < BUCKETS ? slot : BUCKETS - 1]++;
    meter->total++;
}

// Milliseconds that `share` of all stayed under: the upper end of the bucket, never more than the most seen.
static inline double meter_at(const Meter *meter, double share) {
    uint64_t wanted = (uint64_t)(share * meter->total + 0.999999), seen = 0;
    for (uint64_t slot = 0; slot < BUCKETS && meter->total; slot++) {
        seen += meter->counts[slot];
        if (seen < wanted || !meter->counts[slot]) continue;
        int shift = slot < 2 * SUBS ? 0 : (int)(slot / SUBS) - 1;
        uint64_t base = slot - (uint64_t)shift * SUBS;
        uint64_t upper = ((base + 1) << shift) - 1;
        return (upper < meter->most ? upper : meter->most) / 1000.0;
    }
    return 0;
}

// A handful of names with a number each: statuses, outcomes, kinds of error.
#define NAMES 32
typedef struct {
    char names[NAMES][40];
    uint64_t counts[NAMES];
    int used;
} Tally;

static inline void tally_add(Tally *tally, const char *name) {
    int i = 0;
    while (i < tally->used && strcmp(tally->names[i], name)) i++;
    if (i == NAMES) i = NAMES - 1;  // too many names: the last one takes them
    if (i == tally->used) {
        snprintf(tally->names[i], sizeof tally->names[i], "%s", name);
        tally->used++;
    }
    tally->counts[i]++;
}

static inline uint64_t tally_of(const Tally *tally, const char *name) {
    for (int i = 0; i < tally->used; i++)
        if (!strcmp(tally->names[i], name)) return tally->counts[i];
    return 0;
}

static inline void tally_print(const char *title, const Tally *tally, double by) {
    printf("\"%s\":{", title);
    for (int i = 0; i < tally->used; i++)
        printf("%s\"%s\":%.*f", i ? "," : "", tally->names[i], by == 1 ? 0 : 2, tally->counts[i] / by);
    printf("}");
}

static inline void meter_print(const char *title, const Meter *meter) {
    printf("\"%s\":{\"p50\":%.3f,\"p90\":%.3f,\"p99\":%.3f,\"max\":%.3f}", title, meter_at(meter, 0.5),
           meter_at(meter, 0.9), meter_at(meter, 0.99), meter->most / 1000.0);
}

#endif
