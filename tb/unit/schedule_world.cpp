/* SPDX-License-Identifier: Apache-2.0 */
/* schedule_world: see schedule_world.h. */
#include "schedule_world.h"

#include <algorithm>

schedule_world::schedule_world(int contexts, int slots, seed_stream *rng)
    : has_reader(false),
      target(0),
      most_contexts_(contexts),
      slots_(slots),
      sequences_(false),
      known_from_(0),
      rng_(rng) {}

long world_channel::sent() const {
  long least = publishers[0].sent;
  for (const auto &publisher : publishers) {
    least = std::min(least, publisher.sent);
  }
  return least;
}

long world_channel::claimed_here() const {
  long claimed = 0;
  for (const auto &publisher : publishers) {
    claimed = publisher.kind == world_publisher::READER ? publisher.claimed : claimed;
  }
  return claimed;
}

/* own: kind of the publisher here, or FOREIGN when there is none. */
void schedule_world::add_slices(world_channel *channel, int own) {
  int slices = draw_int(1, std::min(3, channel->words)), place = 0;
  int mine = own == world_publisher::FOREIGN ? -1 : draw_int(0, slices - 1);
  for (int n = 0; n < slices; n++) {
    int left = channel->words - place - (slices - n - 1);
    int words = n == slices - 1 ? left : draw_int(1, left);
    world_publisher publisher = {};
    publisher.kind =
        n == mine ? static_cast<decltype(publisher.kind)>(own) : world_publisher::FOREIGN;
    publisher.first_place = place;
    publisher.words = words;
    channel->publishers.push_back(publisher);
    place += words;
  }
}

/* h_context: the LSTM context that publishes it, -1: none. */
void schedule_world::draw_channel(int n, int h_context) {
  world_channel channel = {};
  channel.words = draw_int(1, 5);
  channel.stride = channel.words + draw_int(0, 2);
  channel.base = 7 * slots_ * n;
  channel.x_context = -1;
  channel.h_context = h_context;
  if (n > 0) {
    add_slices(&channel, world_publisher::CONTEXT);
  } else {
    add_slices(&channel, has_reader ? world_publisher::READER : world_publisher::FOREIGN);
  }
  channels.push_back(channel);
}

void schedule_world::draw() {
  int count = draw_int(1, most_contexts_);
  channels.clear();
  contexts.clear();
  has_reader = draw_int(0, 1) != 0;
  sequences_ = draw_int(0, 2) != 0;
  target = 0;
  draw_channel(0, -1);
  /* Contexts are numbered in any order of the layers. */
  std::vector<int> ids;
  for (int n = 0; n < count; n++) {
    ids.insert(ids.begin() + draw_int(0, n), n);
  }
  contexts.resize(static_cast<size_t>(count));
  for (int n = 0; n < count; n++) {
    world_context &context = contexts[ids[n]];
    context.dense = draw_int(0, 2) == 0;
    context.h_first = sequences_ && !context.dense && draw_int(0, 2) != 0;
    context.x_channel = n; /* the layer before, or the input */
    context.y_channel = n + 1;
    context.groups = draw_int(1, 4);
    context.x_weights = draw_int(0, 50);
    context.h_weights = draw_int(60, 99);
    draw_channel(n + 1, context.dense ? -1 : ids[n]);
    channels[n].x_context = ids[n];
  }
  channels[count].writer = draw_int(0, 1) != 0;
  for (auto &channel : channels) {
    channel.reads_here = channel.users() > 0;
    int foreign = draw_int(channel.reads_here ? 0 : 1, 3);
    channel.on_bus.assign(1 + foreign, 0);
    channel.seen.assign(1 + foreign, 0);
  }
}

int schedule_world::run(long steps) {
  const bool begins = draw_int(0, 1) != 0, says = sequences_ && draw_int(0, 2) != 0;
  known_from_ = says ? target : target + 1;
  for (auto &channel : channels) {
    for (long step = target; step < target + steps; step++) {
      const bool follows = step == target ? begins : channel.last.back();
      channel.first.push_back(sequences_ ? follows : draw_int(0, 4) == 0);
      channel.last.push_back(draw_int(0, 4) == 0);
    }
  }
  target += steps;
  if (!says) {
    return 0;
  }
  return begins ? 2 : 1;
}

/* Events of the slowest listener: of those that came to this core, or of all. */
static long least(const world_channel &channel, const std::vector<long> &events) {
  return *std::min_element(events.begin() + (channel.reads_here ? 0 : 1), events.end());
}

long schedule_world::least_seen(const world_channel &channel) const {
  return least(channel, channel.seen);
}

bool schedule_world::next_word(world_word *word) {
  int start = draw_int(0, 99);
  for (int n = 0; n < static_cast<int>(channels.size()); n++) {
    int number = (start + n) % static_cast<int>(channels.size());
    world_channel &channel = channels[number];
    int turn = draw_int(0, 9), count = static_cast<int>(channel.publishers.size());
    for (int p = 0; p < count; p++) {
      world_publisher &publisher = channel.publishers[(p + turn) % count];
      if (publisher.kind == world_publisher::FOREIGN && publisher.claimed < target &&
          publisher.claimed - least(channel, channel.on_bus) < slots_) {
        publisher.may_send = ++publisher.claimed;
      }
      if (publisher.sent >= publisher.may_send) {
        continue;
      }
      size_t step = static_cast<size_t>(publisher.sent);
      *word = {number, static_cast<int>(publisher.sent % slots_),
               publisher.first_place + publisher.sent_words, channel.first[step],
               channel.last[step]};
      if (++publisher.sent_words == publisher.words) {
        publisher.sent_words = 0;
        publisher.sent++;
      }
      return true;
    }
  }
  return false;
}

bool schedule_world::next_event(world_event *event) {
  int start = draw_int(0, 99);
  for (int n = 0; n < static_cast<int>(channels.size()); n++) {
    int number = (start + n) % static_cast<int>(channels.size());
    world_channel &channel = channels[number];
    for (int l = 1; l < static_cast<int>(channel.on_bus.size()); l++) {
      if (channel.on_bus[l] < channel.sent() && draw_int(0, 2) != 0) {
        *event = {number, static_cast<int>(channel.on_bus[l] % slots_), l};
        channel.on_bus[l]++;
        return true;
      }
    }
  }
  return false;
}

bool schedule_world::may_claim(bool room) {
  for (auto &publisher : channels[0].publishers) {
    if (publisher.kind == world_publisher::READER && room && publisher.claimed < target) {
      publisher.may_send = ++publisher.claimed;
      return true;
    }
  }
  return false;
}

const char *schedule_world::why_not(int n, bool h_part) const {
  if (n >= static_cast<int>(contexts.size())) {
    return "no such context";
  }
  const world_context &context = contexts[n];
  const world_channel &y = channels[context.y_channel];
  long step = h_part ? context.h_steps : context.x_steps;
  if (step >= target) {
    return "more steps than RUN says";
  }
  const long other = h_part ? context.x_steps : context.h_steps;
  const bool second = context.is_second(h_part);
  if (context.dense ? h_part : other != step && other != step + 1) {
    return "parts out of turn";
  }
  if (h_part && !second && (!context.h_first || step < known_from_)) {
    return "h before x";
  }
  if (!h_part && channels[context.x_channel].complete() <= step) {
    return "x is not complete";
  }
  if (h_part && y.complete() < step) {
    return "h is not complete";
  }
  if ((second || context.dense) && step - least_seen(y) >= slots_) {
    return "no room";
  }
  return nullptr;
}

void schedule_world::taken(int n, bool h_part) {
  h_part ? contexts[n].h_steps++ : contexts[n].x_steps++;
}

void schedule_world::publish(int n) {
  for (auto &publisher : channels[contexts[n].y_channel].publishers) {
    if (publisher.kind == world_publisher::CONTEXT) {
      publisher.may_send++;
    }
  }
}

void schedule_world::used(int n, bool h_part, long step) {
  if (!h_part) {
    channels[contexts[n].x_channel].x_done++;
  } else if (step > 0) {
    channels[contexts[n].y_channel].h_done++;
  }
}

bool schedule_world::is_done() const {
  bool done = true;
  for (const auto &context : contexts) {
    done = done && context.x_steps == target && (context.dense || context.h_steps == target);
  }
  for (const auto &channel : channels) {
    done = done && channel.sent() == target &&
           (!channel.reads_here || channel.complete() == target) &&
           (!channel.writer || channel.written == target);
  }
  return done;
}
