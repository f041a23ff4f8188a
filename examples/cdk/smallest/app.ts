import { Stack } from 'aws-cdk-lib';
import { checkedApp } from '../../../bin/checked-app';
import { Rollcall } from '../../../lib/rollcall';

// Everything has a default: a user pool, a page, and some $40 a month while nobody beats.
new Rollcall(new Stack(checkedApp(), 'Smallest'), 'Rollcall');
