"""The known mistakes of homework 3, each as a mutant of its answer key."""

from __future__ import annotations

from pathlib import Path

from harness.records.handed_in import Source
from harness.records.known import AnswerKey, BugModel
from reference_impls.bug_table import instead_of

TEXT = Path(__file__).with_name("attention_key.py").read_text(encoding="utf-8")

# --- hints --------------------------------------------------------------------------------

SHAPES = 'Write the shape beside each array; see "np.matmul with multidim arrays".'
LAST = 'Which word of the context asks? See f(X; θ) under "Notations".'
BATCHED = 'Compare with the lines of "Batched matrix multiplication".'
CONTEXT = "Each sample's weights sum to 1 over its context: over which axis is that?"
OVERFLOW = "What is exp(1000)? Subtract something from all scores that changes nothing."
DIAGONAL = 'Which entries of the matrix are not 0? See "Batched diagonalization".'
PRODUCT = 'Entry i, j is p_i times p_j; see "Batched outer product".'
JACOBIAN = "Derive softmax_i by z_j for i = j and for i other than j."
AXES = 'Which axis goes where? See "np.moveaxis".'
MODEL = 'Follow f(X; θ) from the right to the left; see "Notations".'
LOGISTIC = "Write the loss for y = +1 and for y = -1, and look at large margins."
CHAIN = "Differentiate by the scores first, then by what the scores are made of."
BOTH = "The score is a product of key and query: by which of them is this the derivative?"
DESCENT = 'A step goes against the gradient, from the old parameters; see "Training loop".'

# --- the tricks ---------------------------------------------------------------------------

_TRICKS = (
    *instead_of(
        "    return np.matmul(X, W2)\n",
        "Tricks",
        (
            "keys_transposed_weights",
            "`Keys` takes W2 as (n_reduced, n_features), the layout of the slides' mathematics; "
            "their code has (n_features, n_reduced).",
            SHAPES,
            "    return np.matmul(X, W2.T)\n",
            '    return np.einsum("ncd,rd->ncr", X, W2)\n',
        ),
        (
            "keys_negated",
            "`Keys` has the wrong sign.",
            SHAPES,
            "    return -np.matmul(X, W2)\n",
        ),
        (
            "keys_flattened",
            "`Keys` joins samples and context into one axis.",
            SHAPES,
            "    return np.matmul(X.reshape(-1, X.shape[2]), W2)\n",
        ),
        (
            "keys_axes_swapped",
            "`Keys` returns n_reduced before n_context.",
            SHAPES,
            "    return np.moveaxis(np.matmul(X, W2), 1, 2)\n",
        ),
        (
            "keys_float32",
            "`Keys` computes in single precision.",
            SHAPES,
            "    return np.matmul(X.astype(np.float32), W2.astype(np.float32))\n",
        ),
    ),
    *instead_of(
        "np.matmul(X[:, -1, :], W1)",
        "Tricks",
        (
            "queries_first_word",
            "`queries` uses the first word of the context instead of the last.",
            LAST,
            "np.matmul(X[:, 0, :], W1)",
        ),
        (
            "queries_every_word",
            "`queries` makes a query of every word; only the last one asks.",
            LAST,
            "np.matmul(X, W1)",
        ),
        (
            "queries_mean_word",
            "`queries` uses the mean of the words instead of the last.",
            LAST,
            "np.matmul(X.mean(axis=1), W1)",
        ),
        (
            "queries_sum_of_words",
            "`queries` uses the sum of the words instead of the last.",
            LAST,
            "np.matmul(X.sum(axis=1), W1)",
        ),
        (
            "queries_last_sample",
            "`queries` takes the last sample instead of each sample's last word.",
            LAST,
            "np.matmul(X[-1, :, :], W1)",
        ),
        (
            "queries_transposed_weights",
            "`queries` takes W1 as (n_reduced, n_features), the layout of the slides' mathematics; "
            "their code has (n_features, n_reduced).",
            SHAPES,
            "np.matmul(X[:, -1, :], W1.T)",
            'np.einsum("nd,rd->nr", X[:, -1, :], W1)',
        ),
        (
            "queries_axis_kept",
            "`queries` keeps the context as an axis of length 1.",
            SHAPES,
            "np.matmul(X[:, -1:, :], W1)",
        ),
    ),
    *instead_of(
        "np.sum(keys * np.expand_dims(queries, axis=1), axis=2)",
        "Tricks",
        (
            "scores_sum_over_context",
            "`scores` sums over the context instead of over n_reduced.",
            BATCHED,
            "np.sum(keys * np.expand_dims(queries, axis=1), axis=1)",
        ),
        (
            "scores_not_summed",
            "`scores` does not sum over n_reduced.",
            BATCHED,
            "keys * np.expand_dims(queries, axis=1)",
        ),
        (
            "scores_mean",
            "`scores` takes the mean over n_reduced instead of the sum.",
            BATCHED,
            "np.mean(keys * np.expand_dims(queries, axis=1), axis=2)",
        ),
        (
            "scores_scaled",
            "`scores` divides by the square root of n_reduced, which this homework does not do.",
            MODEL,
            "np.sum(keys * np.expand_dims(queries, axis=1), axis=2) / np.sqrt(keys.shape[2])",
        ),
        (
            "scores_axis_kept",
            "`scores` keeps n_reduced as an axis of length 1.",
            BATCHED,
            "np.sum(keys * np.expand_dims(queries, axis=1), axis=2, keepdims=True)",
        ),
        (
            "scores_across_samples",
            "`scores` multiplies the keys of one sample by the queries of another.",
            BATCHED,
            "np.sum(keys * np.expand_dims(queries[::-1], axis=1), axis=2)",
        ),
        (
            "scores_first_query",
            "`scores` uses the first sample's query for all samples.",
            BATCHED,
            "np.sum(keys * queries[0], axis=2)",
        ),
    ),
    *instead_of(
        "    shifted = scores - np.max(scores, axis=1, keepdims=True)\n"
        "    powers = np.exp(shifted)\n"
        "    return powers / np.sum(powers, axis=1, keepdims=True)\n",
        "Tricks",
        (
            "softmax_over_samples",
            "`softmaxKq` sums over the samples instead of over the context.",
            CONTEXT,
            "    shifted = scores - np.max(scores, axis=0, keepdims=True)\n"
            "    powers = np.exp(shifted)\n"
            "    return powers / np.sum(powers, axis=0, keepdims=True)\n",
        ),
        (
            "softmax_over_everything",
            "`softmaxKq` sums over samples and context together.",
            CONTEXT,
            "    powers = np.exp(scores - np.max(scores))\n    return powers / np.sum(powers)\n",
        ),
        (
            "softmax_overflows",
            "`softmaxKq` overflows for large scores.",
            OVERFLOW,
            "    powers = np.exp(scores)\n"
            "    return powers / np.sum(powers, axis=1, keepdims=True)\n",
        ),
        (
            "softmax_one_shift",
            "`softmaxKq` subtracts the largest score of all samples, beside which others vanish.",
            OVERFLOW,
            "    powers = np.exp(scores - np.max(scores))\n"
            "    return powers / np.sum(powers, axis=1, keepdims=True)\n",
        ),
        (
            "softmax_not_normalised",
            "`softmaxKq` does not divide by the sum.",
            CONTEXT,
            "    return np.exp(scores - np.max(scores, axis=1, keepdims=True))\n",
        ),
        (
            "softmax_negated_scores",
            "`softmaxKq` gives the largest weight to the smallest score.",
            CONTEXT,
            "    powers = np.exp(np.min(scores, axis=1, keepdims=True) - scores)\n"
            "    return powers / np.sum(powers, axis=1, keepdims=True)\n",
        ),
        (
            "softmax_logarithm",
            "`softmaxKq` returns the logarithm of the softmax.",
            CONTEXT,
            "    shifted = scores - np.max(scores, axis=1, keepdims=True)\n"
            "    return shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))\n",
        ),
        (
            "softmax_without_exp",
            "`softmaxKq` divides the scores by their sum without taking exp.",
            CONTEXT,
            "    return scores / np.sum(scores, axis=1, keepdims=True)\n",
        ),
    ),
    *instead_of(
        "np.expand_dims(softmaxKq, axis=1) * np.eye(n_context)",
        "Tricks",
        (
            "diagonal_missing",
            "`softmaxKq_diag` fills the whole matrix, not its diagonal alone.",
            DIAGONAL,
            "np.expand_dims(softmaxKq, axis=1) * np.ones((n_context, n_context))",
        ),
        (
            "diagonal_ones",
            "`softmaxKq_diag` has ones on the diagonal instead of the softmax.",
            DIAGONAL,
            "np.ones((len(softmaxKq), 1, 1)) * np.eye(n_context)",
        ),
        (
            "diagonal_reversed",
            "`softmaxKq_diag` fills the other diagonal.",
            DIAGONAL,
            "np.expand_dims(softmaxKq, axis=1) * np.eye(n_context)[::-1]",
        ),
        (
            "diagonal_first_sample",
            "`softmaxKq_diag` makes the matrix of the first sample only.",
            DIAGONAL,
            "np.diag(softmaxKq[0])",
        ),
    ),
    *instead_of(
        "np.expand_dims(softmaxKq, axis=1) * np.expand_dims(softmaxKq, axis=2)",
        "Tricks",
        (
            "outer_elementwise",
            "`softmaxKq_outer` squares each number instead of taking every product.",
            PRODUCT,
            "softmaxKq * softmaxKq",
        ),
        (
            "outer_across_samples",
            "`softmaxKq_outer` multiplies across samples.",
            PRODUCT,
            "np.expand_dims(softmaxKq, axis=1) * np.expand_dims(softmaxKq[::-1], axis=2)",
        ),
        (
            "outer_inner_product",
            "`softmaxKq_outer` takes the inner product.",
            PRODUCT,
            "np.sum(softmaxKq * softmaxKq, axis=1)",
        ),
        (
            "outer_added",
            "`softmaxKq_outer` adds the two numbers instead of multiplying them.",
            PRODUCT,
            "np.expand_dims(softmaxKq, axis=1) + np.expand_dims(softmaxKq, axis=2)",
        ),
    ),
    *instead_of(
        "    return softmaxKq_diag(softmaxKq) - softmaxKq_outer(softmaxKq)\n",
        "Tricks",
        (
            "jacobian_without_outer",
            "`D` lacks the outer product.",
            JACOBIAN,
            "    return softmaxKq_diag(softmaxKq)\n",
        ),
        (
            "jacobian_without_diagonal",
            "`D` lacks the diagonal.",
            JACOBIAN,
            "    return -softmaxKq_outer(softmaxKq)\n",
        ),
        (
            "jacobian_plus",
            "`D` adds the outer product instead of subtracting it.",
            JACOBIAN,
            "    return softmaxKq_diag(softmaxKq) + softmaxKq_outer(softmaxKq)\n",
        ),
        (
            "jacobian_negated",
            "`D` has the wrong sign.",
            JACOBIAN,
            "    return softmaxKq_outer(softmaxKq) - softmaxKq_diag(softmaxKq)\n",
        ),
        (
            "jacobian_diagonal_only",
            "`D` keeps p (1 - p) on the diagonal and nothing beside it.",
            JACOBIAN,
            "    return softmaxKq_diag(softmaxKq * (1 - softmaxKq))\n",
        ),
    ),
    *instead_of(
        "    return np.moveaxis(X, 1, 2) @ D\n",
        "Tricks",
        (
            "moved_reshaped",
            "`A` reshapes X, which mixes its numbers, instead of moving an axis.",
            AXES,
            "    return X.reshape(X.shape[0], X.shape[2], X.shape[1]) @ D\n",
        ),
        (
            "moved_result_transposed",
            "`A` returns its result with the last two axes swapped.",
            AXES,
            "    return np.moveaxis(np.moveaxis(X, 1, 2) @ D, 1, 2)\n",
        ),
        (
            "moved_matrix_transposed",
            "`A` multiplies by D transposed.",
            AXES,
            "    return np.moveaxis(X, 1, 2) @ np.moveaxis(D, 1, 2)\n",
        ),
        (
            "moved_first_matrix",
            "`A` multiplies every sample by the first sample's D.",
            AXES,
            "    return np.moveaxis(X, 1, 2) @ D[0]\n",
        ),
    ),
)

# --- forward and loss ---------------------------------------------------------------------

_FORWARD = (
    *instead_of(
        "    averages = np.sum(X * np.expand_dims(weights, axis=2), axis=1)\n"
        "    return averages @ w3\n",
        "Forward",
        (
            "forward_mean_word",
            "`forward` averages the words with equal weights.",
            MODEL,
            "    averages = np.mean(X, axis=1)\n    return averages @ w3\n",
        ),
        (
            "forward_last_word",
            "`forward` uses the last word instead of the weighted words.",
            MODEL,
            "    averages = X[:, -1, :]\n    return averages @ w3\n",
        ),
        (
            "forward_summed",
            "`forward` sums over the samples.",
            MODEL,
            "    averages = np.sum(X * np.expand_dims(weights, axis=2), axis=1)\n"
            "    return np.atleast_1d(np.sum(averages @ w3))\n",
        ),
        (
            "forward_axis_kept",
            "`forward` returns a column instead of one number for each sample.",
            MODEL,
            "    averages = np.sum(X * np.expand_dims(weights, axis=2), axis=1)\n"
            "    return averages @ w3[:, None]\n",
        ),
        (
            "forward_weighted_twice",
            "`forward` divides the weighted words by n_context once more.",
            MODEL,
            "    averages = np.mean(X * np.expand_dims(weights, axis=2), axis=1)\n"
            "    return averages @ w3\n",
        ),
        (
            "forward_sign",
            "`forward` returns the sign of the prediction.",
            MODEL,
            "    averages = np.sum(X * np.expand_dims(weights, axis=2), axis=1)\n"
            "    return np.sign(averages @ w3)\n",
        ),
        (
            "forward_squeezed",
            "`forward` returns no array where there is one sample.",
            MODEL,
            "    averages = np.sum(X * np.expand_dims(weights, axis=2), axis=1)\n"
            "    return np.squeeze(averages @ w3)\n",
        ),
    ),
    *instead_of(
        "    weights = softmaxKq(scores(Keys(X, W2), queries(X, W1)))\n",
        "Forward",
        (
            "forward_weights_swapped",
            "`forward` uses W1 for the keys and W2 for the queries.",
            MODEL,
            "    weights = softmaxKq(scores(Keys(X, W1), queries(X, W2)))\n",
        ),
        (
            "forward_one_weight",
            "`forward` uses W2 for the queries too.",
            MODEL,
            "    weights = softmaxKq(scores(Keys(X, W2), queries(X, W2)))\n",
        ),
        (
            "forward_no_softmax",
            "`forward` weights the words by their scores without the softmax.",
            MODEL,
            "    weights = scores(Keys(X, W2), queries(X, W1))\n",
        ),
    ),
    *instead_of(
        "    return np.mean(np.logaddexp(0.0, -y * f))\n",
        "Forward",
        (
            "loss_sum",
            "`loss` sums over the samples instead of taking the mean.",
            LOGISTIC,
            "    return np.sum(np.logaddexp(0.0, -y * f))\n",
        ),
        (
            "loss_label_sign",
            "`loss` has the wrong sign of the label.",
            LOGISTIC,
            "    return np.mean(np.logaddexp(0.0, y * f))\n",
        ),
        (
            "loss_label_missing",
            "`loss` does not use the label.",
            LOGISTIC,
            "    return np.mean(np.logaddexp(0.0, -f))\n",
        ),
        (
            "loss_overflows",
            "`loss` overflows for large margins.",
            LOGISTIC,
            "    return np.mean(np.log(1.0 + np.exp(-y * f)))\n",
        ),
        (
            "loss_base_2",
            "`loss` takes the logarithm to the base 2.",
            LOGISTIC,
            "    return np.mean(np.logaddexp(0.0, -y * f)) / np.log(2.0)\n",
        ),
        (
            "loss_each",
            "`loss` returns the loss of every sample instead of their mean.",
            LOGISTIC,
            "    return np.logaddexp(0.0, -y * f)\n",
        ),
        (
            "loss_negated",
            "`loss` has the wrong sign.",
            LOGISTIC,
            "    return -np.mean(np.logaddexp(0.0, -y * f))\n",
        ),
        (
            "loss_hinge",
            "`loss` is the hinge loss, not the logistic loss.",
            LOGISTIC,
            "    return np.mean(np.maximum(0.0, 1.0 - y * f))\n",
        ),
        (
            "loss_squared",
            "`loss` is the squared error, not the logistic loss.",
            LOGISTIC,
            "    return np.mean((f - y) ** 2)\n",
        ),
    ),
)

# --- gradients and training ---------------------------------------------------------------

_GRADIENTS = (
    *instead_of(
        "    by_f = -y * np.exp(-np.logaddexp(0.0, margins)) / n_samples\n",
        "Gradient",
        (
            "gradients_sum",
            "`gradients` belong to the sum over the samples, not to the mean.",
            CHAIN,
            "    by_f = -y * np.exp(-np.logaddexp(0.0, margins))\n",
        ),
        (
            "gradients_negated",
            "`gradients` have the wrong sign.",
            CHAIN,
            "    by_f = y * np.exp(-np.logaddexp(0.0, margins)) / n_samples\n",
        ),
        (
            "gradients_label_missing",
            "`gradients` lack the label y.",
            CHAIN,
            "    by_f = -np.exp(-np.logaddexp(0.0, margins)) / n_samples\n",
        ),
        (
            "gradients_sigmoid_flipped",
            "`gradients` use the sigmoid of the margin instead of that of minus the margin.",
            CHAIN,
            "    by_f = -y * np.exp(-np.logaddexp(0.0, -margins)) / n_samples\n",
        ),
        (
            "gradients_sigmoid_missing",
            "`gradients` lack the derivative of the loss.",
            CHAIN,
            "    by_f = -y / n_samples\n",
        ),
    ),
    *instead_of(
        "A(X, D(weights)), w3)",
        "Gradient",
        (
            "gradients_without_outer",
            "`gradients` leave the outer product out of the softmax's Jacobian.",
            JACOBIAN,
            "A(X, softmaxKq_diag(weights)), w3)",
        ),
        (
            "gradients_without_diagonal",
            "`gradients` leave the diagonal out of the softmax's Jacobian.",
            JACOBIAN,
            "A(X, -softmaxKq_outer(weights)), w3)",
        ),
        (
            "gradients_without_jacobian",
            "`gradients` leave out the softmax's Jacobian.",
            JACOBIAN,
            "np.moveaxis(X, 1, 2), w3)",
        ),
        (
            "gradients_without_w3",
            "`gradients` by W1 and W2 lack w3.",
            CHAIN,
            "A(X, D(weights)), np.ones_like(w3))",
        ),
    ),
    *instead_of(
        "    by_queries = np.sum(keys * np.expand_dims(by_scores, axis=2), axis=1)\n"
        "    by_keys = np.expand_dims(by_scores, axis=2) * np.expand_dims(q, axis=1)\n",
        "Gradient",
        (
            "gradients_keys_and_queries_swapped",
            "`gradients` multiply by the query where the key belongs, and the other way round.",
            BOTH,
            "    by_queries = np.sum(by_scores, axis=1, keepdims=True) * q\n"
            "    by_keys = keys * np.expand_dims(by_scores, axis=2)\n",
        ),
    ),
    *instead_of(
        "    dW1 = X[:, -1, :].T @ by_queries\n",
        "Gradient",
        (
            "gradient_W1_first_word",
            "the gradient by W1 uses the first word instead of the last.",
            LAST,
            "    dW1 = X[:, 0, :].T @ by_queries\n",
        ),
        (
            "gradient_W1_transposed",
            "the gradient by W1 is transposed.",
            SHAPES,
            "    dW1 = by_queries.T @ X[:, -1, :]\n",
        ),
        (
            "gradient_W1_zero",
            "the gradient by W1 is 0.",
            BOTH,
            "    dW1 = np.zeros_like(W1)\n",
        ),
        (
            "gradient_W1_all_words",
            "the gradient by W1 sums over all words instead of the last.",
            LAST,
            "    dW1 = np.sum(X, axis=1).T @ by_queries\n",
        ),
    ),
    *instead_of(
        "    dW2 = np.sum(np.matmul(np.moveaxis(X, 1, 2), by_keys), axis=0)\n",
        "Gradient",
        (
            "gradient_W2_mean",
            "the gradient by W2 is divided by n_samples once more.",
            CHAIN,
            "    dW2 = np.mean(np.matmul(np.moveaxis(X, 1, 2), by_keys), axis=0)\n",
        ),
        (
            "gradient_W2_transposed",
            "the gradient by W2 is transposed.",
            SHAPES,
            "    dW2 = np.sum(np.matmul(np.moveaxis(X, 1, 2), by_keys), axis=0).T\n",
        ),
        (
            "gradient_W2_first_sample",
            "the gradient by W2 counts the first sample only.",
            CHAIN,
            "    dW2 = np.matmul(np.moveaxis(X, 1, 2), by_keys)[0]\n",
        ),
        (
            "gradient_W2_zero",
            "the gradient by W2 is 0.",
            BOTH,
            "    dW2 = np.zeros_like(W2)\n",
        ),
    ),
    *instead_of(
        "    dw3 = averages.T @ by_f\n",
        "Gradient",
        (
            "gradient_w3_mean_word",
            "the gradient by w3 averages the words with equal weights.",
            CHAIN,
            "    dw3 = np.mean(X, axis=1).T @ by_f\n",
        ),
        (
            "gradient_w3_last_word",
            "the gradient by w3 uses the last word instead of the weighted words.",
            CHAIN,
            "    dw3 = X[:, -1, :].T @ by_f\n",
        ),
        (
            "gradient_w3_zero",
            "the gradient by w3 is 0.",
            CHAIN,
            "    dw3 = np.zeros_like(w3)\n",
        ),
    ),
    *instead_of(
        "    return dW1, dW2, dw3\n",
        "Gradient",
        (
            "gradients_swapped",
            "`gradients` returns dW2 before dW1.",
            BOTH,
            "    return dW2, dW1, dw3\n",
        ),
    ),
)

_TRAINING = (
    *instead_of(
        "        losses.append(loss(forward(X, W1, W2, w3), y))\n"
        "        dW1, dW2, dw3 = gradients(X, y, W1, W2, w3)\n",
        "Training",
        (
            "train_gradient_kept",
            "`train` computes the gradient once and keeps it.",
            DESCENT,
            "        losses.append(loss(forward(X, W1, W2, w3), y))\n"
            "        if len(losses) == 1:\n"
            "            dW1, dW2, dw3 = gradients(X, y, W1, W2, w3)\n",
        ),
    ),
    *instead_of(
        "        W1 = W1 - lr * dW1\n",
        "Training",
        ("train_ascends_W1", "`train` moves W1 uphill.", DESCENT, "        W1 = W1 + lr * dW1\n"),
        ("train_keeps_W1", "`train` does not move W1.", DESCENT, ""),
        (
            "train_lr_ignored",
            "`train` moves W1 without the learning rate.",
            DESCENT,
            "        W1 = W1 - dW1\n",
        ),
    ),
    *instead_of(
        "        W2 = W2 - lr * dW2\n",
        "Training",
        ("train_ascends_W2", "`train` moves W2 uphill.", DESCENT, "        W2 = W2 + lr * dW2\n"),
        ("train_keeps_W2", "`train` does not move W2.", DESCENT, ""),
    ),
    *instead_of(
        "        w3 = w3 - lr * dw3\n",
        "Training",
        ("train_ascends_w3", "`train` moves w3 uphill.", DESCENT, "        w3 = w3 + lr * dw3\n"),
        ("train_keeps_w3", "`train` does not move w3.", DESCENT, ""),
    ),
    *instead_of(
        "        w3 = w3 - lr * dw3\n    return W1, W2, w3, np.array(losses)\n",
        "Training",
        (
            "train_stops_early",
            "`train` stops after the first epoch.",
            DESCENT,
            "        w3 = w3 - lr * dw3\n        break\n"
            "    return W1, W2, w3, np.array(losses * epochs)\n",
        ),
        (
            "train_loss_after_step",
            "`train` lists the loss after each step instead of before it.",
            DESCENT,
            "        w3 = w3 - lr * dw3\n"
            "        losses[-1] = loss(forward(X, W1, W2, w3), y)\n"
            "    return W1, W2, w3, np.array(losses)\n",
        ),
        (
            "train_loss_one_more",
            "`train` lists one loss more than there are epochs.",
            DESCENT,
            "        w3 = w3 - lr * dw3\n"
            "    losses.append(loss(forward(X, W1, W2, w3), y))\n"
            "    return W1, W2, w3, np.array(losses)\n",
        ),
    ),
)

_STYLE = instead_of(
    "        W1 = W1 - lr * dW1\n        W2 = W2 - lr * dW2\n        w3 = w3 - lr * dw3\n",
    "Style",
    (
        "train_in_place",
        "`train` changes the arrays that it was given.",
        "Compute the new parameters in new arrays.",
        "        W1 -= lr * dW1\n        W2 -= lr * dW2\n        w3 -= lr * dw3\n",
        "        W1 = W1 - lr * dW1\n        W2 -= lr * dW2\n        w3 = w3 - lr * dw3\n",
        "        W1 -= lr * dW1\n        W2 = W2 - lr * dW2\n        w3 = w3 - lr * dw3\n",
        "        W1 = W1 - lr * dW1\n        W2 = W2 - lr * dW2\n        w3 -= lr * dw3\n",
    ),
)

_LAST_AXIS = "of two axes the last is axis 1"
_SYMMETRIC = "the function is symmetric in these two"
EQUIVALENT = (
    *(
        (f"softmaxKq: {line} -> {line.replace('axis=1', 'axis=-1')}", _LAST_AXIS)
        for line in (
            "shifted = scores - np.max(scores, axis=1, keepdims=True)",
            "return powers / np.sum(powers, axis=1, keepdims=True)",
        )
    ),
    (
        "softmaxKq_diag: n_context = softmaxKq.shape[1] -> n_context = softmaxKq.shape[-1]",
        _LAST_AXIS,
    ),
    *(
        (
            "softmaxKq_diag: return np.expand_dims(softmaxKq, axis=1) * np.eye(n_context) -> "
            f"return np.expand_dims(softmaxKq, axis={axis}) * np.eye(n_context)",
            "off the diagonal every product is 0, and on it both axes are the same",
        )
        for axis in (2, -1)
    ),
    (
        "loss: return np.mean(np.logaddexp(0.0, -y * f)) -> "
        "return np.mean(np.logaddexp(-y * f, 0.0))",
        _SYMMETRIC,
    ),
    (
        "gradients: by_f = -y * np.exp(-np.logaddexp(0.0, margins)) / n_samples -> "
        "by_f = -y * np.exp(-np.logaddexp(margins, 0.0)) / n_samples",
        _SYMMETRIC,
    ),
    (
        "gradients: by_scores = np.expand_dims(by_f, axis=1) * "
        "np.einsum('ndc,d->nc', A(X, D(weights)), w3) -> "
        "by_scores = np.expand_dims(by_f, axis=-1) * np.einsum('ndc,d->nc', A(X, D(weights)), w3)",
        "a vector has one axis, behind which 1 and -1 are the same place",
    ),
    (
        "train: for _ in range(epochs): -> for _ in reversed(list(range(epochs))):",
        "nothing uses the number of the epoch",
    ),
    (
        "train: losses.append(loss(forward(X, W1, W2, w3), y)) -> "
        "losses.append(loss(y, forward(X, W1, W2, w3)))",
        _SYMMETRIC,
    ),
    (
        "train: return (W1, W2, w3, np.array(losses)) -> return (W1, W2, w3, losses)",
        "the losses may be a list or an array",
    ),
)
"""Mutants that record what the answer key records, each with the reason."""

MODELS: tuple[BugModel, ...] = (*_TRICKS, *_FORWARD, *_GRADIENTS, *_TRAINING, *_STYLE)
ATTENTION_KEY = AnswerKey(Source("attention.py", TEXT), MODELS, equivalent=EQUIVALENT)
