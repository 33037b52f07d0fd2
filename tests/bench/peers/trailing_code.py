def run_program(text):
    """Runs a program and returns what it recorded."""
    seen = []

    def record(name, step, *numbers):
        seen.append([name, step, [float(number) for number in numbers]])

    def record_order(name, step, sequence, known):
        places = {id(thing): place for place, thing in enumerate(known)}
        seen.append([name, step, [places.get(id(thing), -1) for thing in sequence]])

    try:
        exec(text, {**globals(), "record": record, "record_order": record_order})
    except RecursionError:
        return "RecursionError"
    return seen
