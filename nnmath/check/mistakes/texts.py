"""The catalogue in words: for each mistake, why it tempts and how it shows."""

from .model import Mistake

_ALL = (
    # One layer
    Mistake(
        "transposed",
        "The product in the other order has the same numbers, but in transposed positions.",
        "A gradient has the shape of the variable it is taken with respect to. If the matrix is square, the shapes "
        "fit, and the mistake goes unnoticed.",
    ),
    Mistake(
        "index off by one",
        "The page counts units from 1, and the code counts from 0.",
        "The right numbers appear one row away from where they belong.",
    ),
    Mistake(
        "every row",
        "Every unit has a bias and a row of weights.",
        "Only row k occurs in the formula of unit k, so changing another row leaves it as it is.",
    ),
    Mistake(
        "one row only",
        "The other rows are zero, so they do not seem worth writing.",
        "The zeros are part of the answer, because the gradient has an entry for every entry of W.",
    ),
    Mistake(
        "value for derivative",
        "The quantity itself is available and has the right shape.",
        "The claim grows with the value, whereas the derivative measures how fast the result changes with it.",
    ),
    Mistake(
        "W for x",
        "It is easy to confuse the two factors of a product, a row of W and the column x.",
        "The derivative of a product with respect to one factor is the other factor. With respect to W it is x.",
    ),
    Mistake(
        "x for W",
        "It is easy to confuse the two factors of a product, a row of W and the column x.",
        "The derivative of a product with respect to one factor is the other factor. With respect to x it is W.",
    ),
    Mistake(
        "column for row",
        "“Row k, transposed” is read as row k of the transposed matrix.",
        "Row k of the transposed matrix is a column of W. If W is square, the shapes fit, and the mistake goes "
        "unnoticed.",
    ),
    # f and its derivative
    Mistake(
        "f′ missing",
        "It is tempting to pass the derivative back through the weights alone.",
        "But where f is flat, a change barely gets through, so the derivative for a saturated unit must be close to 0.",
    ),
    Mistake(
        "f′ twice",
        "The factor f′ was already there, and it has been multiplied in a second time.",
        "Every term has one factor f′ too many, so the terms for which f is flat count too little.",
    ),
    Mistake(
        "f′ at f(u)",
        "The forward pass keeps the output of f, and it is easy to pass it to f′ by mistake.",
        "But f′ takes the same argument as f. For tanh, the formula 1 − a² takes the output a; the function f′ does "
        "not.",
    ),
    Mistake(
        "relu′ from the output",
        "The output of a ReLU shows its derivative, because it is positive exactly where u is.",
        "A ReLU's output is never negative, so a mask with ≥ in place of > lets everything pass.",
    ),
    Mistake(
        "mask of δ",
        "The derivative of a ReLU is a mask, and the mask is made from δ instead of u.",
        "The mask must come from the pre-activation. Here every negative δ has become 0, although a δ may have "
        "either sign.",
    ),
    Mistake(
        "f′ at the input",
        "Every step of the recursion ends with f′, so the last one seems to need it too.",
        "The input of a network passes through no f on its way to the first layer.",
    ),
    Mistake("f for f′", "The prime is easily lost.", "Where f is flat its derivative is 0, however large f is there."),
    Mistake(
        "x(1 − x) for f′",
        "This is the derivative of the sigmoid, written in terms of its output x.",
        "It is right for the sigmoid only. Another f needs its own derivative.",
    ),
    Mistake(
        "1 − x² for f′",
        "This is the derivative of tanh, written in terms of its output x.",
        "It is right for tanh only. Another f needs its own derivative.",
    ),
    Mistake(
        "u(1 − u) for f′",
        "The derivative of the sigmoid is x(1 − x) in terms of its output x, and the pre-activation u was "
        "inserted instead.",
        "The derivative of the sigmoid lies between 0 and ¼, and u(1 − u) is often negative.",
    ),
    Mistake(
        "1 − u² for f′",
        "The derivative of tanh is 1 − x² in terms of its output x, and the pre-activation u was inserted instead.",
        "The derivative of tanh lies between 0 and 1, and 1 − u² is negative where u is large.",
    ),
    Mistake(
        "x(1 + x) for f′",
        "A minus sign was lost in x(1 − x), the derivative of the sigmoid.",
        "The derivative of the sigmoid is at most ¼, and the claim is larger.",
    ),
    Mistake(
        "1 + x² for f′",
        "A minus sign was lost in 1 − x², the derivative of tanh.",
        "The derivative of tanh is at most 1, and the claim is larger, most of all for saturated units.",
    ),
    Mistake(
        "1 − x for f′",
        "The square was lost in 1 − x², or a factor in x(1 − x).",
        "The claim is not symmetric in u, whereas the derivatives of the sigmoid and of tanh are.",
    ),
    Mistake(
        "step for f′",
        "The derivative of a ReLU is 1 where u is positive and 0 elsewhere.",
        "It is right for the ReLU only. A leaky ReLU has a small derivative for negative u.",
    ),
    Mistake(
        "· for ∘",
        "The row of weights and the column f′(x) fit together as a matrix product.",
        "A matrix product sums over the inputs, whereas a gradient keeps one entry for each input.",
    ),
    # The error
    Mistake(
        "y − t",
        "The error is often described as target minus output.",
        "Every sign is reversed, so gradient descent would go uphill.",
    ),
    Mistake(
        "factor 2",
        "A factor ½ was overlooked, or the 2 that a square leaves was kept beside it.",
        "Every entry is twice the measured value. In E = ½‖t − y‖² the ½ cancels the 2.",
    ),
    Mistake(
        "factor ½",
        "The 2 that a square leaves was forgotten, or a factor ½ was kept.",
        "Every entry is half the measured value. In E = ½‖t − y‖² the 2 cancels the ½.",
    ),
    Mistake(
        "mean for sum",
        "Many libraries average over the examples.",
        "The claim is too small by the factor N, the number of examples.",
    ),
    Mistake(
        "1/N twice",
        "The mean is taken in E, and once more in the gradient.",
        "The claim is 1/N of the right value, where N is the number of examples.",
    ),
    Mistake(
        "1/N missing",
        "The sum over the examples looks complete.",
        "The claim is too big by the factor N, the number of examples.",
    ),
    Mistake(
        "mean over all entries",
        "A call of mean() without an axis averages over the examples and the outputs.",
        "The claim is too small by the number of outputs, or by the number of outputs times that of examples.",
    ),
    # Sums over examples
    Mistake(
        "sum over the wrong axis",
        "Summing over either axis raises no error.",
        "The result has one entry for each example instead of one for each unit.",
    ),
    Mistake(
        "one scalar",
        "A call of sum() without an axis adds up everything.",
        "The claim is a single number, whereas every unit has its own bias. As an update it would broadcast unnoticed.",
    ),
    Mistake(
        "not summed over examples",
        "For a single example the gradient of the bias is δ itself.",
        "The claim has one column for each of the examples. As an update it would turn the bias into a matrix.",
    ),
    Mistake(
        "last example only",
        "A loop over the examples assigns with = instead of adding with +=.",
        "The claim is the gradient of the last of the examples alone.",
    ),
    Mistake(
        "gradient not reset",
        "The gradient is accumulated with += and was not set to zero before this batch.",
        "Subtracting the right gradient leaves the gradient of the batch before.",
    ),
    # From layer to layer
    Mistake(
        "output for input",
        "Many programs give x and δ of one layer the same index.",
        "A layer's W multiplies the input of that layer, so the gradient has one column for each input.",
    ),
    Mistake(
        "u for x",
        "The pre-activation of the previous layer has the same shape as its output.",
        "A layer's W multiplies the previous layer's output f(u), and never u itself.",
    ),
    Mistake(
        "next layer's δ",
        "The δ computed last is still at hand.",
        "Each layer has its own δ. If the layers have the same width, the shapes fit, and the mistake goes unnoticed.",
    ),
    Mistake(
        "W for Wᵀ",
        "The forward pass multiplies by W, so the backward pass seems to need W too.",
        "The derivative for a unit is a sum along its column of W, which is a row of the transpose. If W is square, "
        "the shapes fit, and the mistake goes unnoticed.",
    ),
    Mistake(
        "W of the previous layer",
        "The code works on one layer, so that layer's own W seems to be needed.",
        "A change of this layer's u reaches E through the next layer's W. Its own W has already been applied.",
    ),
    Mistake(
        "W⁻¹ for Wᵀ",
        "Going backwards sounds like undoing.",
        "Derivatives along a path are multiplied and never divided, so no inverse occurs.",
    ),
    Mistake(
        "parenthesis misplaced",
        "Without parentheses, the formula reads from right to left.",
        "f′ belongs to the earlier layer, so it is multiplied after the sum over the later layer's units and "
        "not inside it.",
    ),
    Mistake(
        "∘ before ·",
        "The line f′ * W.T @ δ looks like the formula, but Python evaluates it from left to right.",
        "It is right for one example. With N it raises an error, or is wrong without a warning if N is the next "
        "layer's width.",
    ),
    Mistake(
        "already updated W",
        "It is tempting to update each layer as soon as its gradient is known, because that saves a loop.",
        "But each δ needs the weights of the forward pass. The smaller the learning rate η, the closer the claim is to "
        "the right value.",
    ),
    Mistake(
        "x inside δ",
        "The gradient with respect to W has a factor x, and it slips into δ.",
        "δ is the derivative with respect to u. The factor x occurs only in the gradient with respect to W.",
    ),
    Mistake(
        "output's f′ forgotten",
        "The difference t − y is often called “the error,” and it is easily taken for the δ of the output layer.",
        "The derivative passes through the output's f, so a saturated output must have a small δ under the "
        "squared error.",
    ),
    # Softmax, cross-entropy, and weight decay
    Mistake(
        "f′ where it cancels",
        "With the squared error f′ belongs in this place.",
        "The derivative of the cross-entropy divides by f′, so it cancels and t − y remains.",
    ),
    Mistake(
        "softmax entry by entry",
        "With the other activations, each output depends on a single score.",
        "All outputs of a softmax share one denominator, so changing one score changes them all.",
    ),
    Mistake(
        "softmax over the wrong axis",
        "Normalizing over either axis raises no error.",
        "Each example's outputs must add to 1, and here the normalization runs over the examples.",
    ),
    Mistake(
        "softmax over the whole batch",
        "A call of sum() without an axis adds up all scores.",
        "Each example's outputs must add to 1, and here those of all examples together do.",
    ),
    Mistake(
        "y not subtracted",
        "The 1 has to be subtracted at the true class only, which is a line of its own.",
        "The claim is t instead of t − y, so only the entries of the true classes are wrong.",
    ),
    Mistake(
        "one class only",
        "Only the true class occurs in the cross-entropy of a softmax.",
        "With sigmoids every output counts, also where the target is 0.",
    ),
    Mistake(
        "weight decay missing",
        "The gradient of the data term looks complete.",
        "The claim differs from the right value by exactly λ times the weights.",
    ),
    Mistake(
        "weight decay doubled",
        "The factor ½ of ½λ‖W‖² was overlooked.",
        "The claim is the right value plus λ times the weights.",
    ),
    Mistake(
        "weight decay halved",
        "The factor ½ of ½λ‖W‖² was kept, although the derivative of the square cancels it.",
        "The claim is the right value minus half of λ times the weights.",
    ),
    Mistake(
        "weight decay over N",
        "The mean over the examples was taken of the decay term as well.",
        "The decay term is too small by the factor N, and the data term is right.",
    ),
    Mistake(
        "weight decay times N",
        "The decay term was added once for each of the examples.",
        "The decay term is too big by the factor N, and the data term is right.",
    ),
    Mistake(
        "weight decay subtracted",
        "The update subtracts the gradient, so the decay term is easily subtracted from the gradient too.",
        "The claim is the right value minus twice λ times the weights.",
    ),
    Mistake(
        "bias decayed",
        "The same decay term is added to every parameter.",
        "The claim differs from the right value by exactly λ times the biases, and only weights are decayed.",
    ),
    # Convolution and pooling
    Mistake(
        "gradient flipped",
        "The gradient with respect to x uses the flipped kernel, so it is tempting to flip here as well.",
        "Here the order along both axes of the result is reversed, and the shapes do not give the mistake away.",
    ),
    Mistake(
        "kernel flipped",
        "The gradient with respect to x uses the kernel rotated by 180 degrees, so it is tempting to rotate it here as "
        "well.",
        "Each weight appears where the weight at the opposite end of the kernel belongs.",
    ),
    Mistake(
        "flip forgotten",
        "A pixel meets the weights in the reverse of the order in which an output uses them, so on the way "
        "back the kernel has to be flipped.",
        "Here each δ is multiplied by the weight at the opposite end of the kernel. A kernel that looks the same when "
        "it is flipped hides the mistake.",
    ),
    Mistake(
        "rows and columns swapped",
        "The two axes of a kernel have the same size.",
        "The right numbers appear transposed. If the kernel is square, the shapes fit, and the mistake goes unnoticed.",
    ),
    Mistake(
        "maps swapped",
        "The kernels have one axis for the maps that come in and one for those that go out.",
        "The claim fits the right value with these two axes exchanged. Equal numbers of maps hide the wrong shape.",
    ),
    Mistake(
        "last place only",
        "A loop over the places assigns with = instead of adding with +=.",
        "The claim is the share of one place, although the same weights are used at all of them.",
    ),
    Mistake(
        "mean over places",
        "A weight that is used many times seems to call for an average.",
        "The claim is too small by the number of places. The shares of all places are added.",
    ),
    Mistake(
        "not summed over places",
        "The bias has been added at every place, so its gradient seems to have an entry for every place.",
        "A map has a single bias, and its gradient is the sum over the places.",
    ),
    Mistake(
        "1/s² missing",
        "The mean was differentiated as if it were a sum.",
        "The claim is too big by the number of entries in a block.",
    ),
    Mistake(
        "β missing",
        "The factor β of the layer before the mean is easily overlooked.",
        "Dividing the right value by the claim gives β for each map.",
    ),
    Mistake(
        "δ not spread",
        "There is only one δ for each block.",
        "All entries of a block contribute to the mean, but here only the first one receives a derivative.",
    ),
    Mistake(
        "δ to all entries",
        "The backward pass of a mean spreads δ over the whole block.",
        "Only the largest entry of a block reaches the output, so all other derivatives are 0.",
    ),
    Mistake(
        "mean for maximum",
        "The backward pass of the mean was used for the maximum.",
        "Only the largest entry of a block reaches the output, so all other derivatives are 0.",
    ),
    Mistake(
        "δ to the first entry",
        "The place of the largest entry was not kept in the forward pass.",
        "The derivative belongs to the largest entry of each block, wherever it is.",
    ),
    # General
    Mistake(
        "sign",
        "A minus sign was lost, or the one that belongs in the update was included.",
        "Every entry has the right size and the wrong sign.",
    ),
    Mistake(
        "zero returned",
        "An array was created and never filled.",
        "Every claimed entry is 0, and the measured entries are not.",
    ),
    Mistake(
        "one path only",
        "It is easy to follow one path and to overlook the others.",
        "Derivatives along several paths are added. Subtracting the claim from the right value leaves the path "
        "that is missing.",
    ),
    Mistake(
        "one path twice",
        "There are two paths, so the derivative along one of them was doubled.",
        "Each path has its own derivative, and the other one has to be worked out too.",
    ),
    Mistake(
        "later layer only",
        "The later layer's gradient is found first and looks complete.",
        "The same W occurs in the earlier layer too, so the gradient from there has to be added.",
    ),
    Mistake(
        "paths not added",
        "The derivative along each path is right, so the list of them looks like the answer.",
        "Derivatives along several paths are added. The gradient has one entry for each entry of the variable.",
    ),
    Mistake(
        "outer derivative missing",
        "The inner derivatives are available, and they were added as they are.",
        "Derivatives along a path are multiplied, so each inner derivative needs the outer one as a factor.",
    ),
    # These show in the numbers alone, whatever the formula.
    Mistake(
        "constant factor", "A constant of E was dropped or counted twice.", "Every entry is wrong by the same factor."
    ),
    Mistake(
        "rows in another order",
        "Units were sorted or renamed in one place only.",
        "Every row occurs, but in another place.",
    ),
    Mistake(
        "columns in another order",
        "Inputs were sorted or renamed in one place only.",
        "Every column occurs, but in another place.",
    ),
    Mistake("one row wrong", "A loop stops early, or one unit is treated differently.", "All rows but one are right."),
    Mistake(
        "one column wrong", "A loop stops early, or one input is treated differently.", "All columns but one are right."
    ),
    Mistake("one entry wrong", "A single entry is treated differently.", "All entries but one are right."),
    Mistake(
        "weight decay",
        "Weight decay is added in one place and forgotten in another, or it has a different factor in the gradient "
        "than in the loss.",
        "The claim differs from the right value by a multiple of the parameters themselves. If your loss contains "
        "weight decay, tell the check so with the argument decay.",
    ),
    Mistake(
        "constant added",
        "A term that is the same for all entries was added once too often or forgotten.",
        "Every entry is wrong by the same amount.",
    ),
    Mistake(
        "clipped",
        "Gradients are clipped inside the function that is checked.",
        "The claim stops at a limit, and the right values go on.",
    ),
    Mistake(
        "truncated to integers",
        "The gradient was written into an array of integers.",
        "Every claimed entry is a whole number.",
    ),
    Mistake(
        "zero where wrong",
        "Some entries were never filled in, or a mask switches off too much.",
        "The claim is 0 wherever it is wrong.",
    ),
    Mistake(
        "zero forgotten",
        "A mask of the forward pass is missing in the backward pass.",
        "The right value is 0 wherever the claim is wrong.",
    ),
    Mistake(
        "counted once",
        "Indexed addition with += counts a repeated index only once.",
        "Some rows are a whole fraction of the right ones.",
    ),
    Mistake(
        "memory order",
        "An array was flattened in one memory order and read in the other one.",
        "Every number occurs, but in another place.",
    ),
    Mistake(
        "reversed along an axis",
        "A kernel was flipped in one place only, or an array was read backwards.",
        "Every number occurs, in the opposite order along an axis.",
    ),
    Mistake(
        "flat vector",
        "NumPy easily drops an axis in indexing, in a sum, or in ravel().",
        "The numbers are right, but the shape (n,) is not a column, and with a column it would broadcast into a "
        "matrix.",
    ),
    Mistake(
        "an axis too many",
        "The sum was taken with keepdims=True, or a column was made where the program uses flat vectors.",
        "The numbers are right, but the shape (n, 1) is not flat, and with a flat vector it would broadcast "
        "into a matrix.",
    ),
    Mistake(
        "broadcast",
        "A flat array of shape (N,) met a column of shape (N, 1), and NumPy combined each entry of one with each entry "
        "of the other, or a sum over the examples is missing.",
        "The claim has several numbers where there should be one. Make the flat array a column first.",
    ),
    Mistake(
        "another shape",
        "A transpose or a sum is missing, or there is one too many.",
        "A gradient has the shape of the variable it is taken with respect to.",
    ),
    Mistake(
        "other arrays",
        "The gradients were collected in another order or under other names.",
        "The claim needs one array for each array of the point, under the same name.",
    ),
    Mistake(
        "not a number",
        "A division by zero or an overflow happened earlier.",
        "Look for the first NaN or infinity in the computation.",
    ),
    Mistake(
        "no numbers",
        "A return, a call, or a key is easily forgotten.",
        "Print the claim, and see whether it is an array of numbers.",
    ),
    Mistake("unsolved stub", "The dots run without an error.", "Put your answer in their place."),
)

catalogue = {mistake.name: mistake for mistake in _ALL}
