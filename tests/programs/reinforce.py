"""REINFORCE with a baseline on a little balancing game; no fit, only GradientTape."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

keras.utils.set_random_seed(0)


class Balance:
    """A stick that falls over unless it is pushed back."""

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)

    def reset(self):
        self.state = self.rng.uniform(-0.05, 0.05, size=4)
        return self.state

    def step(self, action):
        x, v, angle, spin = self.state
        force = 1.0 if action == 1 else -1.0
        spin += 0.04 * (9.8 * angle - force)
        angle += 0.04 * spin
        v += 0.04 * force
        x += 0.04 * v
        self.state = np.array([x, v, angle, spin])
        return self.state, 1.0, bool(abs(angle) > 0.3)


def to_distribution(probs):
    p = np.squeeze(probs).astype("float64")
    return p / p.sum()


inputs = layers.Input(shape=(4,))
common = layers.Dense(32, activation="relu")(inputs)
action_probs = layers.Dense(2, activation="softmax")(common)
critic = layers.Dense(1)(common)
agent = keras.Model(inputs=inputs, outputs=[action_probs, critic])

optimizer = keras.optimizers.Adam(learning_rate=0.01)
huber = keras.losses.Huber()
env = Balance(seed=4)
chooser = np.random.default_rng(8)
gamma, eps = 0.99, 1e-7
lengths = []

for episode in range(6):
    state = env.reset()
    log_probs, values, rewards = [], [], []
    with tf.GradientTape() as tape:
        for _ in range(40):
            observation = tf.convert_to_tensor(state[np.newaxis, :], dtype=tf.float32)
            probs, value = agent(observation)
            action = chooser.choice(2, p=to_distribution(probs))
            log_probs.append(tf.math.log(probs[0, action] + eps))
            values.append(value[0, 0])
            state, reward, done = env.step(action)
            rewards.append(reward)
            if done:
                break

        returns, running = [], 0.0
        for r in rewards[::-1]:
            running = r + gamma * running
            returns.insert(0, running)
        returns = np.array(returns, dtype="float32")
        returns = (returns - returns.mean()) / (returns.std() + eps)

        actor_loss, critic_loss = 0.0, 0.0
        for log_prob, value, ret in zip(log_probs, values, returns):
            actor_loss += -log_prob * (ret - tf.stop_gradient(value))
            critic_loss += huber([ret], [value])
        loss = actor_loss + critic_loss
    grads = tape.gradient(loss, agent.trainable_variables)
    optimizer.apply_gradients(zip(grads, agent.trainable_variables))
    lengths.append(len(rewards))

print("episodes:", len(lengths), "longest:", max(lengths))
print("updates:", int(optimizer.iterations))
