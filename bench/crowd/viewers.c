// SPDX-License-Identifier: Apache-2.0
// A crowd of viewers for the bench: opens many event streams with one epoll, reads them all, and says what came.
//
//   viewers HOST PORT PATH CONNECTIONS [STALLED]
//
// Prints "open" once every stream has answered, then reads until a line comes on its input, and prints one line
// of JSON. The first STALLED streams are opened and never read again. Events carry "t":<ns of CLOCK_MONOTONIC>.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PER_ADDRESS 5000 // so many ports of each 127.0.0.x
#define BUCKETS 100000   // of 100 microseconds
#define MOST_OPENING 256
#define PIECE 262144

struct viewer {
  int fd, is_open, is_counted;
  uint64_t last;
  char *rest; // an event that came in part
  size_t rest_size;
};

static struct viewer *viewers;
static uint32_t histogram[BUCKETS];
static uint64_t events, reads, lost, repeated, snapshots, closed, worst, highest;
static char piece[PIECE * 2];

static uint64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static int begin(int epoll, int index, const char *host, int port) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), one = 1;
  if (fd < 0) fail("socket");
  setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
  struct sockaddr_in from = {.sin_family = AF_INET}, to = {.sin_family = AF_INET, .sin_port = htons(port)};
  from.sin_addr.s_addr = htonl(0x7f000002u + (uint32_t)(index / PER_ADDRESS));
  if (bind(fd, (struct sockaddr *)&from, sizeof from)) fail("bind");
  inet_pton(AF_INET, host, &to.sin_addr);
  if (connect(fd, (struct sockaddr *)&to, sizeof to) && errno != EINPROGRESS) fail("connect");
  struct epoll_event wanted = {.events = EPOLLOUT, .data.u32 = (uint32_t)index};
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &wanted)) fail("epoll_ctl");
  return fd;
}

static uint64_t number_after(const char *from, const char *end, const char *mark, size_t size) {
  const char *found = memmem(from, (size_t)(end - from), mark, size);
  uint64_t value = 0;
  if (!found) return 0;
  for (found += size; found < end && *found >= '0' && *found <= '9'; found++) value = value * 10 + (uint64_t)(*found - '0');
  return value;
}

static void one_event(struct viewer *v, const char *from, const char *end, uint64_t now) {
  const char *line = memchr(from, '\n', (size_t)(end - from));
  if (memcmp(from, "id: ", end - from < 4 ? 0 : 4) || !line) return;
  const char *dash = memrchr(from, '-', (size_t)(line - from));
  if (!dash || end - from < 4) return;
  uint64_t id = number_after(dash, line, "-", 1);
  if (memmem(line, (size_t)(end - line), "event: snapshot", 15)) {
    snapshots++;
    v->last = id;
    v->is_counted = 1;
    return;
  }
  if (v->is_counted && id > v->last + 1) lost += id - v->last - 1;
  if (v->is_counted && id <= v->last) repeated++;
  v->last = id;
  v->is_counted = 1;
  if (id > highest) highest = id;
  uint64_t told = number_after(line, end, "\"t\":", 4);
  if (!told) return;
  events++;
  uint64_t late = now > told ? now - told : 0, bucket = late / 100000;
  if (late > worst) worst = late;
  histogram[bucket < BUCKETS ? bucket : BUCKETS - 1]++;
}

static int take(struct viewer *v) {
  size_t had = v->rest_size;
  if (had) memcpy(piece, v->rest, had);
  ssize_t got = read(v->fd, piece + had, PIECE);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return 1;
  if (got <= 0) return 0;
  reads++;
  uint64_t now = now_ns();
  const char *at = piece, *end = piece + had + got, *stop;
  while ((stop = memmem(at, (size_t)(end - at), "\n\n", 2))) {
    one_event(v, at, stop, now);
    at = stop + 2;
  }
  v->rest_size = (size_t)(end - at);
  free(v->rest);
  v->rest = NULL;
  if (v->rest_size) {
    v->rest = malloc(v->rest_size);
    memcpy(v->rest, at, v->rest_size);
  }
  return 1;
}

// The answer's head; 1 once it is there and good. What follows it is read like the rest.
static int take_head(struct viewer *v) {
  char head[2048];
  ssize_t got = recv(v->fd, head, sizeof head - 1, MSG_PEEK);
  if (got <= 0) return got < 0 && errno == EAGAIN ? 0 : -1;
  head[got] = 0;
  char *end = strstr(head, "\r\n\r\n");
  if (!end) return 0;
  if (strncmp(head, "HTTP/1.1 200", 12)) return -1;
  return read(v->fd, head, (size_t)(end + 4 - head)) > 0 ? 1 : -1;
}

static double quantile(double share) {
  uint64_t total = 0, seen = 0;
  for (int i = 0; i < BUCKETS; i++) total += histogram[i];
  for (int i = 0; i < BUCKETS; i++)
    if ((seen += histogram[i]) >= (uint64_t)(share * (double)total) && seen) return (i + 1) / 10.0;
  return 0;
}

static void say(int count, int stalled, double cpu) {
  int incomplete = 0;
  for (int i = stalled; i < count; i++) incomplete += viewers[i].last != highest;
  printf("{\"connections\":%d,\"events\":%lu,\"reads\":%lu,\"lost\":%lu,\"repeated\":%lu,\"snapshots\":%lu,"
         "\"closed\":%lu,\"incomplete\":%d,\"p50\":%.1f,\"p99\":%.1f,\"max\":%.1f,\"cpu\":%.3f}\n",
         count, events, reads, lost, repeated, snapshots, closed, incomplete, quantile(0.5), quantile(0.99),
         (double)worst / 1e6, cpu);
  fflush(stdout);
}

static double cpu_seconds(void) {
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  return (double)used.ru_utime.tv_sec + (double)used.ru_stime.tv_sec + (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

int main(int argc, char **argv) {
  if (argc < 5) return 2;
  int port = atoi(argv[2]), count = atoi(argv[4]), stalled = argc > 5 ? atoi(argv[5]) : 0, next = 0, open_now = 0;
  struct rlimit most = {(rlim_t)count + 64, (rlim_t)count + 64}, have;
  getrlimit(RLIMIT_NOFILE, &have);
  if (have.rlim_cur < most.rlim_cur) {
    if (have.rlim_max > most.rlim_max) most.rlim_max = have.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &most)) fail("more open files are needed");
  }
  char request[1024];
  int size = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nhost: %s\r\naccept: text/event-stream\r\naccept-language: fr\r\n\r\n", argv[3], argv[1]);
  int epoll = epoll_create1(0);
  struct epoll_event ready[1024], input = {.events = EPOLLIN, .data.u32 = UINT32_MAX};
  viewers = calloc((size_t)count, sizeof *viewers);
  epoll_ctl(epoll, EPOLL_CTL_ADD, 0, &input);
  struct timespec rest = {0, 1000000};
  double before = 0;
  for (;;) {
    while (next < count && next - open_now < MOST_OPENING) {
      viewers[next].fd = begin(epoll, next, argv[1], port);
      next++;
    }
    // a millisecond's rest lets what comes gather: woken for each frame, this one machine's crowd would push the
    // server off its core ten thousand times a second, which a crowd elsewhere cannot
    if (open_now == count) nanosleep(&rest, NULL);
    int found = epoll_wait(epoll, ready, 1024, -1);
    for (int i = 0; i < found; i++) {
      if (ready[i].data.u32 == UINT32_MAX) {
        say(count, stalled, cpu_seconds() - before);
        return 0;
      }
      struct viewer *v = &viewers[ready[i].data.u32];
      struct epoll_event reading = {.events = EPOLLIN, .data.u32 = ready[i].data.u32};
      if (ready[i].events & EPOLLOUT && !v->is_open) {
        if (write(v->fd, request, (size_t)size) != size) fail("write");
        epoll_ctl(epoll, EPOLL_CTL_MOD, v->fd, &reading);
        continue;
      }
      if (!v->is_open) {
        int answered = take_head(v);
        if (answered < 0) fail("a stream was refused");
        if (!answered) continue;
        v->is_open = 1;
        if ((int)ready[i].data.u32 < stalled) epoll_ctl(epoll, EPOLL_CTL_DEL, v->fd, NULL);
        if (++open_now == count) {
          before = cpu_seconds();
          puts("open");
          fflush(stdout);
        }
        continue;
      }
      if (!take(v)) {
        closed++;
        epoll_ctl(epoll, EPOLL_CTL_DEL, v->fd, NULL);
        close(v->fd);
      }
    }
  }
}
