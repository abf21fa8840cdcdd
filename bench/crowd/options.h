// SPDX-License-Identifier: Apache-2.0
// What the crowd was told to do, and the requests made of it.
#ifndef CROWD_OPTIONS_H
#define CROWD_OPTIONS_H

#include <arpa/inet.h>
#include <getopt.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ORIGINS_MOST 8
#define REQUEST_MOST 1024
#define NUMBER_DIGITS 10
#define RUN_DIGITS 13

typedef enum { BURST, STEADY, GET } Mode;

typedef struct {
    char host[64];
    struct sockaddr_in address;
} Origin;

typedef struct {
    char deal[48], variant[48];
} Target;

// A request whose buyer, key and units are written over in place.
typedef struct {
    char octets[REQUEST_MOST];
    int length, visitor, key, units;
} Template;

typedef struct {
    Mode mode;
    Origin origins[ORIGINS_MOST];
    int origin_count, connections, addresses, units_from, units_to, retry;
    int64_t buyers, requests;
    double seconds, duplicates, patience, pace_ms;
    const char *path, *cookie, *deal, *variant, *targets_file, *history_file;
    Target *targets;
    int target_count;
    Template *templates;  // target by target, origin by origin
    char run[RUN_DIGITS + 1];
} Options;

static inline void die(const char *why, const char *what) {
    fprintf(stderr, "buyers: %s%s%s\n", why, what ? ": " : "", what ? what : "");
    exit(2);
}

static inline void add_origin(Options *options, const char *text) {
    if (options->origin_count == ORIGINS_MOST) die("too many origins", text);
    Origin *origin = &options->origins[options->origin_count++];
    char name[48];
    int port = 0;
    if (sscanf(text, "http://%47[^:/]:%d", name, &port) != 2) die("an origin is http://127.0.0.1:PORT", text);
    if (!strcmp(name, "localhost")) snprintf(name, sizeof name, "127.0.0.1");
    origin->address.sin_family = AF_INET;
    origin->address.sin_port = htons((uint16_t)port);
    if (inet_pton(AF_INET, name, &origin->address.sin_addr) != 1 ||
        ntohl(origin->address.sin_addr.s_addr) >> 24 != 127)
        die("a crowd is only sent to this machine", text);
    snprintf(origin->host, sizeof origin->host, "%s", text + strlen("http://"));
    origin->host[strcspn(origin->host, "/")] = 0;
}

static inline void read_targets(Options *options) {
    if (!options->targets_file) {
        if (!options->deal || !options->variant) die("--deal and --variant, or --targets, are needed", NULL);
        options->targets = calloc(1, sizeof(Target));
        snprintf(options->targets->deal, sizeof options->targets->deal, "%s", options->deal);
        snprintf(options->targets->variant, sizeof options->targets->variant, "%s", options->variant);
        options->target_count = 1;
        return;
    }
    FILE *file = fopen(options->targets_file, "r");
    if (!file) die("cannot read", options->targets_file);
    Target one;
    while (fscanf(file, "%47s %47s", one.deal, one.variant) == 2) {
        options->targets = realloc(options->targets, (options->target_count + 1) * sizeof(Target));
        options->targets[options->target_count++] = one;
    }
    fclose(file);
    if (!options->target_count) die("no deal and variant in", options->targets_file);
}

static inline void make_claim(const Options *options, const Target *target, const Origin *origin, Template *made) {
    char body[256], blank[] = "vRRRRRRRRRRRRRNNNNNNNNNN", slot[] = "kRRRRRRRRRRRRRNNNNNNNNNN";
    memcpy(blank + 1, options->run, RUN_DIGITS);
    memcpy(slot + 1, options->run, RUN_DIGITS);
    int size = snprintf(body, sizeof body, "{\"variant\":\"%s\",\"key\":\"%s\",\"units\":1}", target->variant, slot);
    made->length = snprintf(
        made->octets, REQUEST_MOST,
        "POST /deals/%s/claims HTTP/1.1\r\nhost: %s\r\norigin: http://%s\r\nsec-fetch-site: same-origin\r\n"
        "content-type: application/json\r\ncookie: visitor=%s%s%s\r\ncontent-length: %d\r\n\r\n%s",
        target->deal, origin->host, origin->host, blank, options->cookie ? "; " : "",
        options->cookie ? options->cookie : "", size, body);
    if (made->length >= REQUEST_MOST) die("a request is too long", target->deal);
    made->visitor = (int)(strstr(made->octets, blank) - made->octets) + 1 + RUN_DIGITS;
    made->key = (int)(strstr(made->octets, slot) - made->octets) + 1 + RUN_DIGITS;
    made->units = made->length - 2;
}

static inline void make_templates(Options *options) {
    int origins = options->origin_count;
    if (options->mode != GET) read_targets(options);
    else options->target_count = 1;
    options->templates = calloc((size_t)options->target_count * origins, sizeof(Template));
    for (int i = 0; i < options->target_count * origins; i++) {
        const Origin *origin = &options->origins[i % origins];
        Template *made = &options->templates[i];
        if (options->mode != GET) {
            make_claim(options, &options->targets[i / origins], origin, made);
            continue;
        }
        made->length = snprintf(made->octets, REQUEST_MOST,
                                "GET %s HTTP/1.1\r\nhost: %s\r\naccept: */*\r\n%s%s%s\r\n", options->path,
                                origin->host, options->cookie ? "cookie: " : "",
                                options->cookie ? options->cookie : "", options->cookie ? "\r\n" : "");
        if (made->length >= REQUEST_MOST) die("a request is too long", options->path);
    }
}

static inline Options read_options(int count, char **words) {
    static const char *const help =
        "buyers burst|steady|get --origin http://127.0.0.1:PORT [--origin …] --connections N\n"
        "  claims: --deal ID --variant ID | --targets FILE   --units 1|1-3 --buyers N --duplicates SHARE\n"
        "  steady, get: --seconds S | --requests N   --pace MS   --cookie 'a=b'   get: --path /…\n"
        "  all: --addresses N (127.0.0.2 on) --patience S --retry --history FILE";
    enum { ORIGIN = 1, CONNECTIONS, DEAL, VARIANT, TARGETS, UNITS, BUYERS, DUPLICATES, SECONDS, REQUESTS,
           PACE, PATH, COOKIE, ADDRESSES, PATIENCE, RETRY, HISTORY };
    static const struct option known[] = {
        {"origin", 1, 0, ORIGIN},         {"connections", 1, 0, CONNECTIONS}, {"deal", 1, 0, DEAL},
        {"variant", 1, 0, VARIANT},       {"targets", 1, 0, TARGETS},         {"units", 1, 0, UNITS},
        {"buyers", 1, 0, BUYERS},         {"duplicates", 1, 0, DUPLICATES},   {"seconds", 1, 0, SECONDS},
        {"requests", 1, 0, REQUESTS},     {"pace", 1, 0, PACE},               {"path", 1, 0, PATH},
        {"cookie", 1, 0, COOKIE},         {"addresses", 1, 0, ADDRESSES},     {"patience", 1, 0, PATIENCE},
        {"retry", 0, 0, RETRY},           {"history", 1, 0, HISTORY},         {0, 0, 0, 0}};
    Options options = {.connections = 1, .addresses = 1, .units_from = 1, .units_to = 1, .patience = 10, .path = "/"};
    int which;
    while ((which = getopt_long(count, words, "", known, NULL)) > 0) {
        switch (which) {
            case ORIGIN: add_origin(&options, optarg); break;
            case CONNECTIONS: options.connections = atoi(optarg); break;
            case DEAL: options.deal = optarg; break;
            case VARIANT: options.variant = optarg; break;
            case TARGETS: options.targets_file = optarg; break;
            case UNITS:
                if (sscanf(optarg, "%d-%d", &options.units_from, &options.units_to) == 1)
                    options.units_to = options.units_from;
                break;
            case BUYERS: options.buyers = atoll(optarg); break;
            case DUPLICATES: options.duplicates = atof(optarg); break;
            case SECONDS: options.seconds = atof(optarg); break;
            case REQUESTS: options.requests = atoll(optarg); break;
            case PACE: options.pace_ms = atof(optarg); break;
            case PATH: options.path = optarg; break;
            case COOKIE: options.cookie = optarg; break;
            case ADDRESSES: options.addresses = atoi(optarg); break;
            case PATIENCE: options.patience = atof(optarg); break;
            case RETRY: options.retry = 1; break;
            case HISTORY: options.history_file = optarg; break;
            default: die(help, NULL);
        }
    }
    const char *mode = optind == count - 1 ? words[optind] : "";
    options.mode = !strcmp(mode, "burst") ? BURST : !strcmp(mode, "steady") ? STEADY : GET;
    if ((options.mode == GET && strcmp(mode, "get")) || !options.origin_count) die(help, NULL);
    if (options.connections < 1 || options.addresses < 1 || options.addresses > 250) die(help, NULL);
    if (options.units_from < 1 || options.units_to > 9 || options.units_to < options.units_from)
        die("units are from 1 to 9", NULL);
    if (options.duplicates < 0 || options.duplicates > 1) die("a share is from 0 to 1", NULL);
    if (options.duplicates > 0 && options.mode == STEADY && options.connections < 2)
        die("a request is sent again on another connection: there must be two", NULL);
    if (options.mode != BURST && !options.seconds && !options.requests) die("--seconds or --requests", NULL);
    return options;
}

#endif
