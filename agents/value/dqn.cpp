#include "agents/value/dqn.h"

#include <algorithm>
#include <cmath>

#include "agents/episode_metrics.h"
#include "agents/evaluation.h"
#include "core/error.h"

namespace agents {

void Dqn::Options::fields(core::Fields& f) {
  f.tagged("env", env.tagged(), "Environment with a Discrete action space");
  f.section("net", net, "Q-network");
  f.list_section(
      "dqn",
      [this](core::Fields& own) {
        replay.fields(own);
        own.add("n_step", n_step, "Rewards that are summed before the bootstrap",
                {.min = 1, .max = 1000, .unit = "steps"});
        own.add("target_every", target_every, "Updates between those of the target network",
                {.min = 1, .unit = "updates"});
        own.add("tau", tau, "Share by which the target network then moves to the Q-network",
                {.min = 0, .max = 1, .above = true});
        own.add("epsilon_start", epsilon_start, "Probability of a random action when the run begins",
                {.min = 0, .max = 1});
        own.add("epsilon_end", epsilon_end, "The same at the end, and of the sampled policy in evaluations",
                {.min = 0, .max = 1});
        own.add("epsilon_share", epsilon_share, "Time from the first to the last, linearly",
                {.min = 0, .max = 1, .unit = "share of budget"});
        own.add("epsilon_lasts", epsilon_lasts,
                "A random action lasts k steps with probability ~ 1 / k^2, k up to this (Dabney et al. 2021)",
                {.min = 1, .max = 10000, .unit = "steps"});
        own.choice("loss", loss, "Of the temporal-difference error: squared, or linear beyond 1",
                   {"huber", "squared"});
        own.add("double", double_q, "The Q-network chooses the next action, the target network values it");
        own.add("dueling", dueling, "The network's outputs are a value and an advantage per action");
        own.add("prioritised", prioritised, "Transitions are drawn by their latest error");
        own.add("alpha", alpha, "prioritised: how much errors matter; 0: not at all", {.min = 0, .max = 1});
        own.add("beta", beta, "prioritised: how much weights correct for it at first; 1 at the end",
                {.min = 0, .max = 1});
        own.add("sequence", sequence,
                "net.memory: steps in a row that are learned from; a batch is of whole sequences",
                {.min = 1, .max = 10000, .unit = "steps"});
        own.add("burn_in", burn_in,
                "net.memory: steps before them, which warm up a memory that begins as 0 (Kapturowski et al. "
                "2019)",
                {.min = 0, .max = 10000, .unit = "steps"});
      },
      "DQN's own options");
}

TdRow td_loss(const QHead& head, const float* outputs, int64_t action, float target, float weight, bool huber,
              float* d_outputs) {
  const float value = head.value(outputs, action), error = value - target, size = std::abs(error);
  const bool linear = huber && size > 1;
  head.backward(action, weight * (linear ? std::copysign(1.0f, error) : error), d_outputs);
  return {value, error, weight * (linear ? size - 0.5f : 0.5f * error * error)};
}

// Transitions behind which a batch of them has n steps.
static int64_t least_of(const Dqn::Options& o) {
  if (o.net.remembers())
    return std::max(o.replay.batch_size, o.replay.num_envs * (o.burn_in + o.sequence + o.n_step - 1));
  return o.replay.batch_size + o.replay.num_envs * (o.n_step - 1);
}

// Transitions before the first update.
static int64_t warm_up_of(const Dqn::Options& o) { return std::max(o.replay.learning_starts, least_of(o)); }

static void check_memory(const Dqn::Options& o) {
  core::check(!o.net.shared, "net.shared: dqn has one network for its values and no policy; expected false");
  if (!o.net.remembers()) return;
  core::check(!o.prioritised,
              "dqn.prioritised: networks with memory draw whole sequences, all as likely; "
              "expected false");
  core::check(o.replay.batch_size % o.sequence == 0,
              "dqn.batch_size: networks with memory learn from whole sequences; expected a multiple of "
              "dqn.sequence = {}, found {}",
              o.sequence, o.replay.batch_size);
}

static void check_sizes(const Dqn::Options& o, const core::Duration& budget) {
  core::check(least_of(o) <= o.replay.buffer_size,
              "dqn.buffer_size: expected at least {} = {} transitions, found {}",
              o.net.remembers() ? "batch_size or num_envs * (burn_in + sequence + n_step - 1)"
                                : "batch_size + num_envs * (n_step - 1)",
              least_of(o), o.replay.buffer_size);
  check_warm_up(budget, "dqn.learning_starts", warm_up_of(o), o.replay.rounds() * o.replay.num_envs);
}

void Dqn::build_replay(const envs::Spec& spec, training::Build& b) {
  const int64_t positions = Replay::positions(options_.replay.num_envs, options_.replay.buffer_size);
  require_replay(b, "dqn.buffer_size", spec, options_.replay.num_envs, options_.replay.buffer_size,
                 options_.prioritised ? Priorities::bytes(positions) : 0);
  replay_.emplace(spec, options_.replay.num_envs, options_.replay.buffer_size);
  if (options_.prioritised) priorities_.emplace(positions, options_.alpha);
  b.state("replay", [this](core::Archive& archive) {
    replay_->state(archive);
    if (priorities_) priorities_->state(archive);
    archive("exploration", exploration_random_);
    archive("draws", replay_random_);
    exploration_.state(archive, head_.actions);
    if (memory_.defined()) archive("memory", memory_.data_ptr<float>(), size_t(memory_.numel()));
  });
}

void Dqn::build_learning(const envs::Spec& spec, training::Build& b) {
  build_replay(spec, b);
  exploration_ = Exploration(options_.replay.num_envs, options_.epsilon_lasts);
  exploration_random_ = core::Pcg64(b.seed_for("exploration"));
  replay_random_ = core::Pcg64(b.seed_for("replay"));
  envs_->reset(b.seed_for("rollout"), replay_->observations());
  note_mask();
  b.envs("train", [this](core::Archive& archive) { envs_->state(archive); });
}

void Dqn::build_nets(const envs::Spec& spec, training::Build& b) {
  head_ = {.actions = spec.action.n[0], .dueling = options_.dueling};
  const int64_t N = options_.replay.num_envs, B = options_.replay.batch_size;
  training::require_outputs(options_.net.mlp, double(B + N), "a batch of transitions");
  training::check_no_dropout(options_.net.mlp);
  const std::vector<Head> heads{{head_.outputs(), options_.net.mlp.out_gain}};
  q_.emplace("q", spec.observation, heads, options_.net);
  target_.emplace("target", spec.observation, heads, options_.net);
  b.module("q", *q_->module());
  b.module("target", *target_->module());
  target_->soft_update(*q_, 1);
  b.optimizer("q", {q_->module().get()},
              {{"td_loss", "", "Loss of the temporal-difference errors, weighted mean over the batch"}});
  now_.emplace(spec.observation, N, normalization_.transform);
  seen_.emplace(spec.observation, B, normalization_.transform);
  next_.emplace(spec.observation, B, normalization_.transform);
  returns_.resize(N);
  lengths_.resize(N);
  positions_.resize(B);
  weights_.assign(B, 1.0f);
  targets_.resize(B);
  discounts_.resize(B);
  next_masks_.resize(B);
  next_rows_.resize(B);
  if (options_.net.remembers()) {
    memory_ = torch::zeros({N, q_->memory_size()});
    sequences_.emplace(
        SequenceShape{B / options_.sequence, options_.burn_in, options_.sequence, options_.n_step},
        spec.observation, normalization_.transform);
  }
  d_outputs_ = torch::zeros({B, head_.outputs()});
}

void Dqn::build(training::Build& b) {
  normalization_ = envs::deferred_normalization(options_.env.wrappers);
  envs_ = options_.env.make(options_.replay.num_envs, envs::EnvPurpose::replay);
  const envs::Spec& spec = envs_->spec();
  core::check(spec.action.is_discrete(), "env: dqn needs a Discrete action space; {} has {}", spec.id,
              spec.action.str());
  check_memory(options_);
  check_sizes(options_, b.budget());
  build_nets(spec, b);
  if (b.purpose() == training::Purpose::training) build_learning(spec, b);
  b.policy([this](const auto&... x) { return act(x...); });
  register_episodes(b);
  b.metric({"train/epsilon", "", "Probability of a random action"});
  b.metric({"train/q", "reward", "Mean value of the batch's actions, before the update"});
  b.metric({"train/td_error", "reward", "Mean magnitude of the batch's temporal-difference errors"});
  register_evaluation(options_.env, b);
}

double Dqn::epsilon(const training::Step& step) const {
  if (step.counters().env_steps < warm_up_of(options_)) return 1;
  const double share =
      options_.epsilon_share > 0 ? std::min(1.0, step.progress() / options_.epsilon_share) : 1;
  return options_.epsilon_start + (options_.epsilon_end - options_.epsilon_start) * share;
}

// What is possible at the present moment.
void Dqn::note_mask() {
  if (uint8_t* mask = replay_->mask()) envs_->action_mask(mask);
}

// Outputs [N, outputs] of what is seen at the present moment, by which memory goes on.
const float* Dqn::look() {
  const int64_t N = options_.replay.num_envs;
  if (!memory_.defined()) return q_->forward(now_->of(replay_->observations()), N);
  const torch::NoGradGuard no_grad;
  const int64_t item = static_cast<int64_t>(envs_->spec().observation.bytes());
  for (int64_t i = 0; i < N; ++i) now_->put(i, replay_->observations() + i * item);
  outputs_ = q_->forward(NetInput(now_->tensor(), memory_)).contiguous();
  memory_ = q_->memory().contiguous();
  return outputs_.data_ptr<float>();
}

void Dqn::choose_actions(double epsilon) {
  constexpr int64_t greedy = Exploration::greedy;
  int64_t* actions = replay_->choices();
  const uint8_t* mask = replay_->mask();
  const auto possible = [&](int64_t i) { return mask ? mask + i * head_.actions : nullptr; };
  bool any_greedy = false;
  for (int64_t i = 0; i < options_.replay.num_envs; ++i) {
    actions[i] = exploration_.next(i, epsilon, head_.actions, exploration_random_, possible(i));
    any_greedy |= actions[i] == greedy;
  }
  if (!any_greedy && !memory_.defined()) return;
  const float* rows = look();
  for (int64_t i = 0; i < options_.replay.num_envs; ++i)
    if (actions[i] == greedy) actions[i] = head_.best(rows + i * head_.outputs(), possible(i));
}

// Whose n steps are complete may be drawn from now on; whose place the present moment has taken may not.
void Dqn::insert_newest() {
  const int64_t completed = replay_->completed_row(options_.n_step), overwritten = replay_->overwritten_row();
  for (int64_t i = 0; i < options_.replay.num_envs; ++i) {
    if (completed >= 0) priorities_->insert(completed + i);
    if (overwritten >= 0) priorities_->erase(overwritten + i);
  }
}

void Dqn::note_ends(training::Step& step, const envs::StepOut& out) {
  for (int64_t i = 0; i < options_.replay.num_envs; ++i) {
    if (!(out.terminated[i] | out.truncated[i])) continue;
    exploration_.end(i);
    if (memory_.defined()) memory_[i].zero_();
    log_episode(step, returns_[i], lengths_[i]);
  }
}

void Dqn::play(training::Step& step) {
  const int64_t N = options_.replay.num_envs, rounds = options_.replay.rounds();
  const double now = epsilon(step);
  for (int64_t k = 0; k < rounds; ++k) {
    choose_actions(now);
    envs::StepOut out = replay_->out();
    out.episode_return = returns_.data();
    out.episode_length = lengths_.data();
    envs_->step(replay_->actions(), out);
    note_ends(step, out);
    replay_->advance();
    note_mask();
    if (priorities_) insert_newest();
  }
  step.collected(rounds * N);
  step.log("train/epsilon", now);
}

// B positions, in whole sequences, uniformly or by priority.
void Dqn::sample_batch(double progress) {
  if (sequences_) return sequences_->draw(*replay_, replay_random_, positions_);
  const int64_t complete = replay_->complete(options_.n_step);
  if (!priorities_) {
    for (int64_t& position : positions_) position = replay_->position(replay_random_.integers(0, complete));
    return;
  }
  priorities_->sample(replay_random_, positions_);
  const double beta = options_.beta + (1 - options_.beta) * progress;
  for (size_t b = 0; b < positions_.size(); ++b)
    weights_[b] = priorities_->weight(positions_[b], complete, beta);
  const float largest = *std::max_element(weights_.begin(), weights_.end());
  for (float& weight : weights_) weight /= largest;
}

// Of the observations to bootstrap from, [B, outputs]; `held` keeps them where the net does not.
const float* Dqn::next_outputs(PolicyNet& net, torch::Tensor& held) {
  if (!sequences_) return net.forward(next_->input(), options_.replay.batch_size);
  held = sequences_->next_outputs(net, next_rows_);
  return held.data_ptr<float>();
}

// y = r + gamma Q_target(s', argmax Q(s')), where double leaves the choice to the Q-network.
void Dqn::estimate_targets() {
  const int64_t B = options_.replay.batch_size, K = head_.outputs();
  const float scale = normalization_.reward_scale ? normalization_.reward_scale() : 1;
  for (int64_t b = 0; b < B; ++b) {
    const Replay::NStepReturn ahead = replay_->n_step(positions_[b], options_.n_step, options_.replay.gamma);
    seen_->put(b, replay_->observation(positions_[b]));
    next_->put(b, ahead.next);
    next_rows_[b] = ahead.next;
    targets_[b] = scale * ahead.reward;
    discounts_[b] = ahead.discount;
    next_masks_[b] = ahead.mask;
  }
  torch::Tensor of_target, of_q;
  const float* values = next_outputs(*target_, of_target);
  const float* choices = options_.double_q ? next_outputs(*q_, of_q) : values;
  for (int64_t b = 0; b < B; ++b)
    targets_[b] += discounts_[b] * head_.value(values + b * K, head_.best(choices + b * K, next_masks_[b]));
}

void Dqn::apply_gradients(training::Step& step) {
  const int64_t B = options_.replay.batch_size, K = head_.outputs();
  const bool huber = options_.loss == "huber";
  const torch::Tensor outputs =
      sequences_ ? sequences_->outputs(*q_) : q_->forward(NetInput(seen_->tensor()));  // [B, K]
  const float* rows = outputs.data_ptr<float>();
  float* d_rows = d_outputs_.data_ptr<float>();
  double loss = 0, value = 0, error = 0;
  for (int64_t b = 0; b < B; ++b) {
    const TdRow row = td_loss(head_, rows + b * K, *replay_->choices(positions_[b]), targets_[b],
                              weights_[b] / static_cast<float>(B), huber, d_rows + b * K);
    loss += row.loss;
    value += row.value;
    error += std::abs(row.error);
    if (priorities_) priorities_->update(positions_[b], row.error);
  }
  q_->backward(d_outputs_);
  step.apply_gradients("q", {{"td_loss", loss}});
  step.log("train/q", value / static_cast<double>(B));
  step.log("train/td_error", error / static_cast<double>(B));
}

void Dqn::learn(training::Step& step) {
  sample_batch(step.progress());
  estimate_targets();
  apply_gradients(step);
  if (step.counters().updates.at("q") % options_.target_every == 0) target_->soft_update(*q_, options_.tau);
}

void Dqn::step(training::Step& step) {
  play(step);
  if (step.counters().env_steps < warm_up_of(options_)) return;
  for (int64_t k = 0; k < options_.replay.gradient_steps; ++k) learn(step);
}

training::PolicyOutput Dqn::act(const training::PolicyInput& input, bool greedy, torch::Generator generator) {
  const torch::Tensor q = head_.values(q_->answer({input.observations, input.memory})).clone();  // [N, A]
  const torch::Tensor memory = memory_.defined() ? q_->memory() : torch::Tensor();
  const torch::Tensor best =
      (input.mask.defined() ? q.masked_fill(input.mask == 0, impossible) : q).argmax(1);
  const torch::Tensor hidden = q_->hidden();
  if (greedy) return {.actions = best, .q = q, .hidden = hidden, .memory = memory};
  const int64_t N = q.size(0);
  const torch::Tensor random = random_actions(input.mask, N, head_.actions, generator);
  const torch::Tensor explore = torch::rand({N}, generator) < options_.epsilon_end;
  return {.actions = torch::where(explore, random, best), .q = q, .hidden = hidden, .memory = memory};
}

void Dqn::evaluate(training::Eval& eval) {
  agents::evaluate(
      options_.env, [this](const auto&... x) { return act(x...); }, eval);
}

}  // namespace agents
