// Checked against the peers' documentation: Stable-Baselines3 2.3, CleanRL 1.0, RLlib 2.40, PyTorch 2,
// Keras 3.
#include "core/synonyms.h"

#include <algorithm>
#include <array>
#include <utility>

namespace core {

namespace {

struct Entry {
  std::string_view theirs;
  std::array<const char*, 3> ours;
};

constexpr Entry table[] = {
    // budgets
    {"total_timesteps", {"train.env_steps"}},
    {"num_timesteps", {"train.env_steps"}},
    {"n_timesteps", {"train.env_steps"}},
    {"max_timesteps", {"train.env_steps"}},
    {"timesteps", {"train.env_steps"}},
    {"max_steps", {"train.steps"}},
    {"max_iters", {"train.steps"}},
    {"max_epochs", {"train.epochs"}},
    {"num_epochs", {"ppo.epochs", "train.epochs"}},
    {"n_epochs", {"ppo.epochs", "train.epochs"}},
    {"update_epochs", {"ppo.epochs"}},
    {"num_sgd_iter", {"ppo.epochs"}},
    {"epochs", {"ppo.epochs", "train.epochs"}},
    // rollouts and losses
    {"n_envs", {"num_envs"}},
    {"num_workers", {"num_envs"}},
    {"n_steps", {"num_steps", "n_step"}},
    {"rollout_length", {"num_steps"}},
    {"batch_size", {"minibatch_size", "batch_size"}},
    {"mini_batch_size", {"minibatch_size", "batch_size"}},
    {"sgd_minibatch_size", {"minibatch_size", "batch_size"}},
    {"num_minibatches", {"minibatch_size"}},
    {"discount", {"gamma"}},
    {"discount_factor", {"gamma"}},
    {"lam", {"gae_lambda"}},
    {"lambda", {"gae_lambda"}},
    {"ent_coef", {"entropy_coef"}},
    {"entropy_coeff", {"entropy_coef"}},
    {"vf_coef", {"value_coef"}},
    {"clip_range", {"ppo.clip"}},
    {"clip_coef", {"ppo.clip"}},
    {"clip_range_vf", {"value_clip"}},
    {"target_kl", {"kl_stop"}},
    {"norm_adv", {"normalize_advantage"}},
    {"train_freq", {"train_every"}},
    {"train_frequency", {"train_every"}},
    {"tau", {"dqn.tau"}},
    {"polyak", {"dqn.tau"}},
    {"prioritized", {"prioritised"}},
    {"prioritized_replay", {"prioritised"}},
    {"replay_size", {"buffer_size"}},
    {"target_update_interval", {"target_every"}},
    {"target_network_frequency", {"target_every"}},
    {"exploration_initial_eps", {"epsilon_start"}},
    {"exploration_final_eps", {"epsilon_end"}},
    {"exploration_fraction", {"epsilon_share"}},
    {"epsilon", {"epsilon_start"}},
    {"action_noise", {"noise"}},
    {"noise_type", {"noise"}},
    {"noise_std", {"noise_deviation"}},
    {"exploration_noise", {"noise_deviation"}},
    {"target_policy_noise", {"target_noise"}},
    {"policy_noise", {"target_noise"}},
    {"noise_clip", {"target_noise_clip"}},
    {"policy_frequency", {"policy_delay"}},
    {"n_critics", {"critics"}},
    {"n_quantiles", {"quantiles"}},
    {"top_quantiles_to_drop_per_net", {"drop"}},
    {"pop_size", {"population"}},
    {"popsize", {"population"}},
    // optimiser
    {"lr", {"optim.lr", "learning_rate"}},
    {"learning_rate", {"optim.lr", "learning_rate"}},
    {"optimizer", {"optim.algorithm"}},
    {"max_grad_norm", {"optim.clip_norm"}},
    {"grad_clip", {"optim.clip_norm"}},
    {"anneal_lr", {"optim.schedule"}},
    {"lr_scheduler", {"optim.schedule"}},
    {"warmup_steps", {"optim.warmup"}},
    {"warmup_iters", {"optim.warmup"}},
    {"weight_decay", {"optim.weight_decay"}},
    {"gradient_accumulation_steps", {"optim.accumulate"}},
    // nets
    {"net_arch", {"net.hidden"}},
    {"policy_kwargs", {"net.hidden"}},
    {"hidden_sizes", {"net.hidden"}},
    {"hidden_size", {"net.hidden", "net.width"}},
    {"hidden_dim", {"net.hidden", "net.width"}},
    {"hidden_units", {"net.hidden", "net.width"}},
    {"activation_fn", {"net.activation"}},
    {"n_layer", {"net.layers", "net.hidden"}},
    {"n_layers", {"net.layers", "net.hidden"}},
    {"num_layers", {"net.layers", "net.hidden"}},
    {"layers", {"net.layers", "net.hidden"}},
    {"n_head", {"net.heads"}},
    {"n_heads", {"net.heads"}},
    {"num_heads", {"net.heads"}},
    {"nhead", {"net.heads"}},
    {"n_embd", {"net.width"}},
    {"d_model", {"net.width"}},
    {"embed_dim", {"net.width"}},
    {"block_size", {"data.block"}},
    {"latent_dim", {"latent"}},
    {"z_dim", {"latent"}},
    // the rest
    {"env_id", {"env"}},
    {"eval_freq", {"eval.every"}},
    {"eval_interval", {"eval.every"}},
    {"evaluation_interval", {"eval.every"}},
    {"n_eval_episodes", {"eval.episodes"}},
    {"save_freq", {"checkpoint.every"}},
    {"save_interval", {"checkpoint.every"}},
    {"log_interval", {"log.every"}},
    {"dataset", {"data"}},
    {"mnist", {"fashion_mnist"}},
    {"cifar10", {"fashion_mnist"}},
    {"shakespeare", {"text"}},
    {"diffusion", {"flow"}},
    {"algo", {"agent"}},
    {"device", {"train.device"}},
    {"gpu", {"cuda"}},
    {"patience", {"train.early_stop.patience"}},
    // learners that do the same or nearly so
    {"trpo", {"ppo"}},
    {"a3c", {"a2c"}},
    {"vpg", {"reinforce"}},
    {"policy_gradient", {"reinforce"}},
    {"ddqn", {"dqn"}},
    {"rainbow", {"dqn"}},
    {"double_dqn", {"dqn"}},
    {"es", {"openai_es"}},
    {"cem", {"cma_es"}},
    {"qlearning", {"q_learning"}},
    {"transformer", {"gpt"}},
    {"nanogpt", {"gpt"}},
    {"normalizing_flow", {"flow"}},
    {"ae", {"autoencoder"}},
    {"variational_autoencoder", {"vae"}},
    {"iwae", {"vae"}},
    {"gumbel_softmax", {"categorical_vae"}},
    {"rnn", {"lstm"}},
};

}  // namespace

std::vector<std::string> synonyms(std::string_view word) {
  std::vector<std::string> ours;
  const auto found = std::find_if(std::begin(table), std::end(table),
                                  [&](const Entry& entry) { return entry.theirs == word; });
  if (found == std::end(table)) return ours;
  for (const char* name : found->ours)
    if (name) ours.emplace_back(name);
  return ours;
}

}  // namespace core
