// SPDX-License-Identifier: Apache-2.0
// The floor of the fan-out: a bare loop that writes the same octets to as many sockets. It knows no rooms, no
// requests and no readers that are slow; what it costs is the kernel's.
//
//   writer PORT CONNECTIONS TICKS TICK_MS EVENTS
//
// Prints "listening", then waits for a line on its input, writes, and prints one line of JSON.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static const char HEAD[] = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n: awake\n\n";

static uint64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static double cpu_seconds(void) {
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  return (double)used.ru_utime.tv_sec + (double)used.ru_stime.tv_sec + (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

int main(int argc, char **argv) {
  if (argc < 6) return 2;
  int count = atoi(argv[2]), ticks = atoi(argv[3]), pause_ms = atoi(argv[4]), each = atoi(argv[5]), one = 1;
  struct rlimit most = {(rlim_t)count + 64, (rlim_t)count + 64}, have;
  getrlimit(RLIMIT_NOFILE, &have);
  if (have.rlim_cur < most.rlim_cur) {
    if (have.rlim_max > most.rlim_max) most.rlim_max = have.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &most)) return 1;
  }
  int *sockets = calloc((size_t)count, sizeof *sockets), listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(listener, (struct sockaddr *)&here, sizeof here) || listen(listener, 2048)) return 1;
  puts("listening");
  fflush(stdout);
  char octets[65536];
  for (int i = 0; i < count; i++) {
    sockets[i] = accept(listener, NULL, NULL);
    setsockopt(sockets[i], IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (read(sockets[i], octets, sizeof octets) <= 0 || write(sockets[i], HEAD, sizeof HEAD - 1) < 0) return 1;
  }
  if (!fgets(octets, sizeof octets, stdin)) return 1;
  double before = cpu_seconds();
  uint64_t id = 0, due = now_ns(), writes = 0;
  for (int tick = 0; tick < ticks; tick++) {
    int size = 0;
    for (int event = 0; event < each; event++)
      size += snprintf(octets + size, sizeof octets - (size_t)size,
                       "id: FLOOR0-%lu\nevent: chat\ndata: {\"id\":\"019ab3f2-7a1c-7c11-9a3b-0f2b6f0d1c2e\",\"kind\":\"viewer\",\"name\":\"Camille\",\"text\":\"Does the lid stay on?\",\"t\":%lu}\n\n",
                       ++id, now_ns());
    for (int i = 0; i < count; i++) writes += write(sockets[i], octets, (size_t)size) == size;
    due += (uint64_t)pause_ms * 1000000u;
    uint64_t now = now_ns();
    if (due > now) {
      struct timespec rest = {(time_t)((due - now) / 1000000000u), (long)((due - now) % 1000000000u)};
      nanosleep(&rest, NULL);
    }
  }
  printf("{\"writes\":%lu,\"cpu\":%.3f}\n", writes, cpu_seconds() - before);
  fflush(stdout);
  if (!fgets(octets, sizeof octets, stdin)) return 0;
  return 0;
}
