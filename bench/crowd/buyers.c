// SPDX-License-Identifier: Apache-2.0
// A crowd of buyers: many connections, one thread, as little work a request as can be, so that the house and not
// the crowd is measured. It says how much processor it took itself.
//
//   burst   opens all connections, then sends one claim on each, all at once
//   steady  keeps connections open; each sends its next claim, of a new buyer, when the last was answered
//   get     the same with one page, while something else runs
//
// One JSON object is printed; --history writes a line for each request and its answer. An answer that never came
// (closed, reset, patience over) is lost: it may have been acted on. --retry sends such a request again, same key.

#include "answer.h"
#include "meter.h"
#include "options.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define OPENING_AT_ONCE 128
#define SWEEP_NS 5000000LL
#define RETRY_NS 50000000LL
#define EVENTS 512

typedef struct {
    int64_t number;  // names the key; the buyer too, unless buyers come again
    int target, units, from;
} Job;

typedef enum { SHUT, OPENING, FREE, WAITING, RESTING } State;

typedef struct {
    int fd, origin, has_job;
    State state;
    Job job;
    int64_t sent, due;
    Answer answer;
} Line;

static Options options;
static Line *lines;
static int line_count, poller, waiting, opening;
static int is_over;  // no new claims: only answers are awaited
static int64_t began, window_end, last_answer, next_number, requests, answered, lost, reconnects;
static uint64_t octets;
static double owed;  // of the share that is sent again
static Job *again;
static size_t again_head, again_tail, again_room;
static Meter latency;
static Tally statuses, outcomes, faults, outcomes_in_time;
static int64_t answered_in_time;
static FILE *history;

static void watch(Line *line, int how, uint32_t events) {
    struct epoll_event wanted = {.events = events, .data.ptr = line};
    if (epoll_ctl(poller, how, line->fd, &wanted)) die("epoll", strerror(errno));
}

static void shut(Line *line) {
    if (line->fd >= 0) close(line->fd);
    line->fd = -1;
    if (line->state == WAITING) waiting--;
    if (line->state == OPENING) opening--;
    line->state = SHUT;
}

static void open_line(Line *line) {
    int one = 1;
    int place = (int)(line - lines) % options.addresses;
    line->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (line->fd < 0) die("too few file descriptors (ulimit -n)", strerror(errno));
    setsockopt(line->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (options.addresses > 1) {
        struct sockaddr_in mine = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f000002u + place)};
        setsockopt(line->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
        if (bind(line->fd, (struct sockaddr *)&mine, sizeof mine)) die("bind", strerror(errno));
    }
    const struct sockaddr_in *there = &options.origins[line->origin].address;
    line->state = OPENING;
    line->due = now_ns();
    opening++;
    if (connect(line->fd, (const struct sockaddr *)there, sizeof *there) && errno != EINPROGRESS) {
        tally_add(&faults, "connect");
        shut(line);
        line->state = RESTING;
        line->due = now_ns() + RETRY_NS;
        return;
    }
    watch(line, EPOLL_CTL_ADD, EPOLLOUT);
}

static void write_number(char *at, int64_t number) {
    for (int i = NUMBER_DIGITS - 1; i >= 0; i--, number /= 10) at[i] = (char)('0' + number % 10);
}

static int64_t buyer_of(const Job *job) { return options.buyers ? job->number % options.buyers : job->number; }

static void note(const Line *line, int64_t at, const char *fault) {
    if (!history || options.mode == GET) return;
    const Job *job = &line->job;
    const Target *target = &options.targets[job->target];
    fprintf(history,
            "{\"sent\":%lld,\"answered\":%lld,\"line\":%d,\"buyer\":\"v%s%010lld\",\"key\":\"k%s%010lld\","
            "\"deal\":\"%s\",\"variant\":\"%s\",\"units\":%d,\"status\":%d,\"fault\":\"%s\",\"body\":\"",
            (long long)line->sent, (long long)at, (int)(line - lines), options.run, (long long)buyer_of(job),
            options.run, (long long)job->number, target->deal, target->variant, job->units,
            fault ? 0 : line->answer.status, fault ? fault : "");
    for (const char *octet = fault ? "" : line->answer.body; *octet; octet++) {
        if (*octet == '"' || *octet == '\\') fputc('\\', history);
        if ((unsigned char)*octet >= ' ') fputc(*octet, history);
    }
    fputs("\"}\n", history);
}

static void send_job(Line *line);

// An answer that never came.
static void lose(Line *line, const char *fault) {
    tally_add(&faults, fault);
    lost++;
    note(line, 0, fault);
    shut(line);
    line->has_job = options.retry;
    if (options.mode == BURST && !options.retry) return;
    line->state = RESTING;
    line->due = now_ns() + RETRY_NS;
}

static void send_job(Line *line) {
    char request[REQUEST_MOST];
    const Template *template = &options.templates[line->job.target * options.origin_count + line->origin];
    memcpy(request, template->octets, template->length);
    if (options.mode != GET) {
        write_number(request + template->visitor, buyer_of(&line->job));
        write_number(request + template->key, line->job.number);
        request[template->units] = (char)('0' + line->job.units);
    }
    answer_reset(&line->answer);
    line->has_job = 1;
    line->state = WAITING;
    waiting++;
    requests++;
    line->sent = now_ns();
    line->due = line->sent + (int64_t)(options.patience * 1e9);
    if (send(line->fd, request, template->length, MSG_NOSIGNAL) != template->length) lose(line, "send");
}

static int may_start(void) {
    return !is_over && (options.mode == BURST || !options.requests || next_number < options.requests);
}

static Job new_job(const Line *line) {
    int spread = options.units_to - options.units_from + 1;
    Job job = {.number = next_number, .target = (int)(next_number % options.target_count),
               .units = options.units_from + (int)(next_number % spread), .from = (int)(line - lines)};
    next_number++;
    return job;
}

static void owe(Job job) {
    owed += options.duplicates;
    if (owed < 0.9999999) return;
    owed -= 1;
    if (again_tail - again_head == again_room) {
        size_t room = again_room ? again_room * 2 : 1024;
        Job *grown = malloc(room * sizeof(Job));
        for (size_t i = again_head; i < again_tail; i++) grown[i % room] = again[i % again_room];
        free(again);
        again = grown;
        again_room = room;
    }
    again[again_tail++ % again_room] = job;
}

// The next request on a line: one to send again that another line sent, or a new buyer's.
static void feed(Line *line) {
    if (again_head < again_tail && !is_over) {
        Job *job = &again[again_head % again_room];
        if (job->from != line - lines) {
            line->job = *job;
            again_head++;
            send_job(line);
            return;
        }
    }
    if (!may_start()) {
        line->state = FREE;
        return;
    }
    line->job = new_job(line);
    owe(line->job);
    send_job(line);
}

static void rest_or_feed(Line *line) {
    if (options.mode == BURST) {
        line->state = FREE;
    } else if (options.pace_ms > 0 && !is_over) {
        line->state = RESTING;
        line->due = line->sent + (int64_t)(options.pace_ms * 1e6);
    } else {
        feed(line);
    }
}

static void finish(Line *line) {
    char outcome[40], status[8];
    last_answer = now_ns();
    snprintf(status, sizeof status, "%d", line->answer.status);
    tally_add(&statuses, status);
    json_name(line->answer.body, "outcome", outcome, sizeof outcome);
    if (!outcome[0]) json_name(line->answer.body, "code", outcome, sizeof outcome);
    if (options.mode != GET) tally_add(&outcomes, outcome[0] ? outcome : "none");
    if (!window_end || last_answer <= window_end) {
        answered_in_time++;
        if (options.mode != GET) tally_add(&outcomes_in_time, outcome[0] ? outcome : "none");
    }
    meter_add(&latency, last_answer - line->sent);
    octets += line->answer.octets;
    answered++;
    note(line, last_answer, NULL);
    waiting--;
    line->has_job = 0;
    line->state = FREE;
    if (line->answer.closes) {
        shut(line);
        if (options.mode == BURST || is_over) return;
        reconnects++;
        open_line(line);
        return;
    }
    rest_or_feed(line);
}

static void hear(Line *line) {
    static char heard[1 << 16];
    ssize_t count = recv(line->fd, heard, sizeof heard, 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (line->state != WAITING) {  // the house ended an idle connection, or spoke unasked
        if (count > 0) tally_add(&faults, "unasked");
        State was = line->state;
        shut(line);
        if (is_over) return;
        reconnects++;
        line->state = RESTING;
        if (was != RESTING) line->due = now_ns();
        return;
    }
    if (count <= 0) {
        if (!count && line->answer.until_end) finish(line);
        else lose(line, count ? "reset" : "closed");
        return;
    }
    Part part = answer_take(&line->answer, heard, (size_t)count);
    if (part == COMPLETE) finish(line);
    else if (part == BROKEN) lose(line, "broken");
}

static void opened(Line *line) {
    int fault = 0;
    socklen_t size = sizeof fault;
    getsockopt(line->fd, SOL_SOCKET, SO_ERROR, &fault, &size);
    if (fault) {
        tally_add(&faults, "connect");
        shut(line);
        line->state = RESTING;
        line->due = now_ns() + RETRY_NS;
        return;
    }
    opening--;
    line->state = FREE;
    watch(line, EPOLL_CTL_MOD, EPOLLIN);
    if (!began) return;
    if (line->has_job) send_job(line);
    else if (options.mode != BURST) feed(line);
}

// By the clock: patience that is over, rests that are over, lines to open again.
static void sweep(int64_t now) {
    for (Line *line = lines; line < lines + line_count; line++) {
        if (line->state == WAITING && line->due < now) lose(line, "timeout");
        if (line->state == OPENING && now - line->due > (int64_t)(options.patience * 1e9)) {
            tally_add(&faults, "connect_timeout");
            shut(line);
            line->state = RESTING;
        }
        if (line->state == FREE && began && options.mode != BURST && again_head < again_tail) feed(line);
        if (line->state != RESTING || line->due > now) continue;
        if (is_over && !line->has_job) shut(line);
        else if (line->fd >= 0) feed(line);
        else if (opening < OPENING_AT_ONCE) open_line(line);
    }
}

static void turn(void) {
    static struct epoll_event events[EVENTS];
    static int64_t swept;
    int count = epoll_wait(poller, events, EVENTS, 5);
    for (int i = 0; i < count; i++) {
        Line *line = events[i].data.ptr;
        if (line->state == OPENING) opened(line);
        else if (line->fd >= 0) hear(line);
    }
    int64_t now = now_ns();
    if (now - swept < SWEEP_NS) return;
    swept = now;
    sweep(now);
}

static void open_all(void) {
    int64_t end = now_ns() + (int64_t)(options.patience * 1e9);
    int next = 0, ready = 0;
    while (ready < line_count) {
        while (next < line_count && opening < OPENING_AT_ONCE) open_line(&lines[next++]);
        turn();
        ready = 0;
        for (int i = 0; i < line_count; i++) ready += lines[i].state == FREE;
        if (now_ns() > end) die("the house did not take all connections", NULL);
    }
}

static void burst(void) {
    Line *spare = lines + options.connections;
    for (Line *line = lines; line < lines + options.connections; line++) {
        if (line->state != FREE) continue;
        line->job = new_job(line);
        owe(line->job);
        send_job(line);
        if (again_head == again_tail) continue;
        spare->job = again[again_head++ % again_room];
        send_job(spare++);
    }
}

static int has_work(void) {
    if (waiting) return 1;
    for (int i = 0; i < line_count; i++)
        if (lines[i].has_job) return 1;
    if (options.mode == BURST || is_over) return 0;
    return may_start() || again_head < again_tail;
}

static void run(void) {
    if (options.mode == BURST) burst();
    if (options.mode != BURST)
        for (Line *line = lines; line < lines + line_count; line++)
            if (line->state == FREE) feed(line);
    while (has_work()) {
        turn();
        int64_t now = now_ns(), heard = last_answer > window_end ? last_answer : window_end;
        if (window_end && now >= window_end) is_over = 1;
        if (options.retry && now - heard > (int64_t)(6e9 * options.patience)) {
            tally_add(&faults, "gave_up");
            return;
        }
    }
}

static void print_all(double cpu) {
    double seconds = ((window_end && window_end < last_answer ? window_end : last_answer) - began) / 1e9;
    if (seconds <= 0) seconds = 1e-9;
    printf("{\"connections\":%d,\"requests\":%lld,\"answered\":%lld,\"lost\":%lld,\"seconds\":%.4f,"
           "\"per_second\":%.1f,",
           options.connections, (long long)requests, (long long)answered, (long long)lost, seconds,
           answered_in_time / seconds);
    tally_print("by_status", &statuses, 1);
    putchar(',');
    tally_print("by_outcome", &outcomes, 1);
    putchar(',');
    tally_print("outcomes_per_second", &outcomes_in_time, seconds);
    putchar(',');
    meter_print("latency_ms", &latency);
    printf(",\"cpu_seconds\":%.4f,\"cpu_us_per_request\":%.2f,\"octets\":%llu,\"reconnects\":%lld,", cpu,
           requests ? cpu * 1e6 / requests : 0.0, (unsigned long long)octets, (long long)reconnects);
    tally_print("errors", &faults, 1);
    printf("}\n");
}

int main(int count, char **words) {
    signal(SIGPIPE, SIG_IGN);
    options = read_options(count, words);
    unsigned long long chance = (unsigned long long)now_ns() ^ ((unsigned long long)getpid() << 44);
    snprintf(options.run, sizeof options.run, "%013llx", chance & 0xfffffffffffffULL);
    make_templates(&options);
    if (options.history_file) {
        if (!(history = fopen(options.history_file, "w"))) die("cannot write", options.history_file);
        setvbuf(history, NULL, _IOFBF, 1 << 20);
    }
    poller = epoll_create1(EPOLL_CLOEXEC);
    int twice = options.mode == BURST ? (int)(options.connections * options.duplicates + 1e-6) : 0;
    line_count = options.connections + twice;
    lines = calloc((size_t)line_count, sizeof(Line));
    for (int i = 0; i < line_count; i++) {
        lines[i].fd = -1;
        lines[i].origin = i % options.origin_count;
    }
    open_all();
    double cpu = cpu_seconds();
    last_answer = began = now_ns();
    if (options.seconds > 0) window_end = began + (int64_t)(options.seconds * 1e9);
    run();
    cpu = cpu_seconds() - cpu;
    if (history && fclose(history)) die("cannot write", options.history_file);
    print_all(cpu);
    return 0;
}
