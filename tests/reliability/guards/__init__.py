"""The guards of the protocol: each is marked in the shared code, and a test proves it necessary.

`# guard: intent-before-patch` marks the node that begins on that line, or on the next one where
the comment stands alone. More than one slug, or a reason, may follow: `# guard: a, b - why`. Moving
or renaming the marked code changes nothing here. Each slug has one guard in these lists, which
names how the guard is taken out:

- never, always: the `if`, conditional expression, returned or assigned condition is False or True
- gone: a statement, argument, element, dict entry, filter, or operand of and/or is removed
- flipped: a boolean constant is negated
- fresh: the value of a dict entry is different each time

The outermost suitable node counts; where more than one could be meant, the code needs more lines.
"""
