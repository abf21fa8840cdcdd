// SPDX-License-Identifier: Apache-2.0
// An HTTP/1.1 answer, read octet by octet as it comes: by length, in chunks or until the end. Bodies are kept
// up to a limit, the rest is only counted.
#ifndef CROWD_ANSWER_H
#define CROWD_ANSWER_H

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define HEAD_MOST 8192
#define BODY_MOST 1024

typedef enum { IN_HEAD, IN_BODY, IN_SIZE, IN_CHUNK, AFTER_CHUNK, IN_TRAILER, COMPLETE, BROKEN } Part;

typedef struct {
    Part part;
    int status, closes, until_end;
    int64_t due;              // octets still to come of this body or chunk
    uint32_t head_used, line; // `line`: octets of the line we are in
    uint32_t body_used;
    uint64_t octets;
    char head[HEAD_MOST + 1];
    char body[BODY_MOST + 1];
} Answer;

static inline void answer_reset(Answer *answer) {
    answer->part = IN_HEAD;
    answer->status = answer->closes = answer->until_end = 0;
    answer->due = 0;
    answer->head_used = answer->line = answer->body_used = 0;
    answer->octets = 0;
    answer->body[0] = 0;
}

// The value of a header in the ended head, or NULL.
static inline const char *answer_header(const Answer *answer, const char *name) {
    size_t length = strlen(name);
    for (const char *line = strstr(answer->head, "\r\n"); line; line = strstr(line + 2, "\r\n")) {
        const char *at = line + 2;
        if (strncasecmp(at, name, length) || at[length] != ':') continue;
        at += length + 1;
        while (*at == ' ') at++;
        return at;
    }
    return NULL;
}

static inline Part answer_after_head(Answer *answer) {
    answer->head[answer->head_used] = 0;
    if (strncmp(answer->head, "HTTP/1.", 7) || answer->head_used < 12) return BROKEN;
    answer->status = atoi(answer->head + 9);
    if (answer->status < 100 || answer->status > 599) return BROKEN;
    const char *connection = answer_header(answer, "connection");
    answer->closes = (connection && !strncasecmp(connection, "close", 5)) || answer->head[7] == '0';
    if (answer->status < 200) {
        answer->head_used = 0;
        return IN_HEAD;
    }
    if (answer->status == 204 || answer->status == 304) return COMPLETE;
    const char *coding = answer_header(answer, "transfer-encoding");
    if (coding && !strncasecmp(coding, "chunked", 7)) return IN_SIZE;
    const char *length = answer_header(answer, "content-length");
    if (length) {
        answer->due = strtoll(length, NULL, 10);
        return answer->due > 0 ? IN_BODY : answer->due ? BROKEN : COMPLETE;
    }
    answer->until_end = answer->closes = 1;
    answer->due = INT64_MAX;
    return IN_BODY;
}

static inline size_t answer_keep(Answer *answer, const char *at, size_t count) {
    if ((int64_t)count > answer->due) count = (size_t)answer->due;
    size_t room = BODY_MOST - answer->body_used, kept = count < room ? count : room;
    memcpy(answer->body + answer->body_used, at, kept);
    answer->body_used += kept;
    answer->octets += count;
    answer->due -= count;
    return count;
}

static inline void answer_size_octet(Answer *answer, char octet) {
    int digit = octet >= '0' && octet <= '9'   ? octet - '0'
                : octet >= 'a' && octet <= 'f' ? octet - 'a' + 10
                : octet >= 'A' && octet <= 'F' ? octet - 'A' + 10
                                               : -1;
    if (octet == '\n') {
        answer->part = !answer->line ? BROKEN : answer->due ? IN_CHUNK : IN_TRAILER;
        answer->line = 0;
    } else if (digit >= 0 && answer->line < 15) {
        answer->due = answer->due * 16 + digit;
        answer->line++;
    } else if (octet != '\r') {
        answer->part = BROKEN;  // no server we know sends extensions of a chunk
    }
}

// The head up to its empty line; how many octets of `at` were used.
static inline size_t answer_head(Answer *answer, const char *at, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (answer->head_used == HEAD_MOST) {
            answer->part = BROKEN;
            return i;
        }
        answer->head[answer->head_used++] = at[i];
        if (at[i] != '\n' || answer->head_used < 4) continue;
        if (memcmp(answer->head + answer->head_used - 4, "\r\n\r\n", 4)) continue;
        answer->part = answer_after_head(answer);
        return i + 1;
    }
    return count;
}

// Takes what came; the part it stands in afterwards. What comes after COMPLETE is not asked for: BROKEN.
static inline Part answer_take(Answer *answer, const char *at, size_t count) {
    size_t used = 0;
    while (used < count && answer->part != BROKEN) {
        switch (answer->part) {
            case IN_HEAD: used += answer_head(answer, at + used, count - used); break;
            case IN_BODY:
            case IN_CHUNK:
                used += answer_keep(answer, at + used, count - used);
                if (!answer->due) answer->part = answer->part == IN_BODY ? COMPLETE : AFTER_CHUNK;
                break;
            case AFTER_CHUNK:
                if (at[used++] == '\n') answer->part = IN_SIZE;
                break;
            case IN_SIZE: answer_size_octet(answer, at[used++]); break;
            case IN_TRAILER:
                if (at[used] == '\n') {
                    answer->part = answer->line ? IN_TRAILER : COMPLETE;
                    answer->line = 0;
                } else if (at[used] != '\r') {
                    answer->line++;
                }
                used++;
                break;
            default: answer->part = BROKEN;
        }
    }
    answer->body[answer->body_used] = 0;
    return answer->part;
}

// The value of a string in flat JSON, as a name of letters and the like; "" where there is none.
static inline void json_name(const char *body, const char *field, char *name, size_t size) {
    char wanted[48];
    int length = snprintf(wanted, sizeof wanted, "\"%s\"", field);
    const char *at = strstr(body, wanted);
    size_t used = 0;
    if (at) {
        at += length;
        while (*at == ' ' || *at == ':') at++;
        if (*at == '"')
            for (at++; used + 1 < size && (isalpha((unsigned char)*at) || *at == '_' || *at == '.'); at++)
                name[used++] = *at;
    }
    name[used] = 0;
}

#endif
